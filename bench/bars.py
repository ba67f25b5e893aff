# SPDX-License-Identifier: GPL-2.0
"""What the library may cost."""

from dataclasses import dataclass, field

from figures import Row

# The operations that C's inline functions make cheap; what they cost more would be felt.
SLAB = ("kmalloc", "kzalloc", "kmalloc_array", "kcalloc", "kmemdup")

# At constant sizes, and at sizes that were checked before: 1.00, and half a percent for rounding.
SLAB_MOST = 1.005
# vmalloc, kvmalloc and pages.
OTHER_MOST = 1.01
# With the check of the size each time.
CHECKED_MOST = 1.02
# What the laboratory has beside an operation, a count in a histogram, against a sum.
TIMING_MOST = 1.3
# Of what the kernel crate's KBox costs: slab objects of constant size.
KERNEL_CRATE_MOST = 0.60
KERNEL_CRATE_BYTES = 8192


@dataclass
class Checked:
    """How many bars hold, and what those say that do not."""

    held: int = 0
    broken: list[str] = field(default_factory=list)


def most_of_c(row: Row) -> float:
    """What the library may cost, divided by what C costs."""
    if row.op == "timing":
        return TIMING_MOST
    if row.op.endswith("_checked"):
        return CHECKED_MOST
    return SLAB_MOST if row.op in SLAB else OTHER_MOST


def bars_of(row: Row) -> dict[str, float]:
    """The bars for a row: whom the library is compared with, and how much of it it may cost."""
    bars = {"c": most_of_c(row)}
    small = row.op == "kmalloc" and row.size_bytes <= KERNEL_CRATE_BYTES
    if small and row.size_known == "compile":
        bars["kernel"] = most_of_kernel_crate(row)
    return bars


def most_of_kernel_crate(row: Row) -> float:
    """Nobody is asked to cost less than C, which costs more than that on some kernels."""
    if "c" not in row.via or "kernel" not in row.via:
        return KERNEL_CRATE_MOST
    return max(KERNEL_CRATE_MOST, row.via["c"].per_op / row.via["kernel"].per_op * SLAB_MOST)


def allowance(row: Row, other: str) -> float:
    """The part of a ratio that is chance, where figures differ from run to run."""
    return max(figure.spread / figure.per_op for figure in (row.via["library"], row.via[other]))


def check(rows: list[Row], allow_spread: bool) -> Checked:
    """Compares each ratio with its bar."""
    checked = Checked()
    for row in rows:
        for other, most in bars_of(row).items():
            ratio = row.ratio(other)
            if ratio is None:
                checked.broken.append(f"{row}: library and {other} were not both measured")
                continue
            if allow_spread:
                most *= 1 + allowance(row, other)
            if ratio <= most:
                checked.held += 1
            else:
                checked.broken.append(
                    f"{row}: library ÷ {other} is {ratio:.4f}, at most {most:.4f}"
                )
    return checked
