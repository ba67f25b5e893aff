# SPDX-License-Identifier: GPL-2.0
"""Reads functions out of object files, as objdump shows them."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

HEAD = re.compile(r"^([0-9a-f]+) <(.*)>:$")
INSTRUCTION = re.compile(r"^\s+([0-9a-f]+):\t(\S+)\s*(.*)$")
RELOCATION = re.compile(r"^\s+[0-9a-f]+: R_\S+\t(\S+?)(?:[-+]0x[0-9a-f]+)?$")
PADDING = ("nop", "nopw", "nopl", "data16", "cs", "xchg", "int3")


@dataclass
class Instruction:
    address: int
    name: str
    operands: str
    # The symbol that the instruction refers to.
    symbol: str | None = None

    def jumps_back_to(self) -> int | None:
        """The target of a conditional jump back."""
        if not self.name.startswith("j") or self.name == "jmp" or self.symbol is not None:
            return None
        target = int(self.operands.split()[0], 16)
        return target if target <= self.address else None


@dataclass
class Function:
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def size_bytes(self) -> int:
        """From the first instruction to the last, without the padding between functions."""
        return self.instructions[-1].address - self.instructions[0].address

    def loop(self) -> list[Instruction]:
        """The instructions of the loop: those that run in each round, and no others.

        What a round does not come to, since it is for failures only, lies behind the loop.
        """
        for last in self.instructions:
            start = last.jumps_back_to()
            if start is not None:
                return [i for i in self.instructions if start <= i.address <= last.address]
        raise ValueError(f"{self.name} has no loop")


def calls(instructions: list[Instruction]) -> list[str]:
    """The functions that are called."""
    return [i.symbol or i.operands for i in instructions if i.name == "call"]


def functions_of(object_file: Path) -> dict[str, Function]:
    """All functions of an object file, by their demangled names without the crate's."""
    command = [
        "objdump",
        "--disassemble",
        "--reloc",
        "--demangle",
        "--no-show-raw-insn",
    ]
    output = subprocess.run(
        [*command, str(object_file)], check=True, capture_output=True, text=True
    ).stdout
    functions: dict[str, Function] = {}
    current: Function | None = None
    for line in output.splitlines():
        if head := HEAD.match(line):
            name = head[2].removeprefix("rust_bench::")
            # Labels of the compiler's mark what is not code.
            current = None if name.startswith(".L") else functions.setdefault(name, Function(name))
        elif current is None:
            continue
        elif instruction := INSTRUCTION.match(line):
            if instruction[2] not in PADDING:
                address = int(instruction[1], 16)
                current.instructions.append(Instruction(address, instruction[2], instruction[3]))
        elif (relocation := RELOCATION.match(line)) and current.instructions:
            current.instructions[-1].symbol = relocation[1]
    return functions
