# SPDX-License-Identifier: GPL-2.0
"""A fuzzer that knows the grammar of commands, and all that a descriptor can be made to do."""

import ctypes
import errno
import fcntl
import mmap
import os
import random
import re
import select
import threading
from collections.abc import Callable, Iterator, Sequence

import lab

WORKERS = 4
COMMAND_FILES = ("run", "held")
FILES = (*COMMAND_FILES, *lab.DOCUMENTS, "progress")
MAX_COMMAND_BYTES = 4096

# What a command may get. EINTR and restart codes are not among it: shells would run it twice.
COMMAND_ERRORS = {
    0,
    errno.EINVAL,
    errno.ERANGE,
    errno.E2BIG,
    errno.EDQUOT,
    errno.ENOMEM,
    errno.ETIMEDOUT,
    errno.EPERM,
    errno.EEXIST,
    errno.ENOENT,
    errno.ENOSPC,
}
# Those of commands that were begun.
BEGUN = {0, errno.ETIMEDOUT, errno.ENOMEM, errno.EDQUOT}

# An address of the upper half, however it is cut into digits; a frame with its name.
SECRET = re.compile(r"ffff[0-9a-f]{12}|0xff[0-9a-f]{14}|first_pfn|page frame", re.IGNORECASE)

NUMBERS = (
    *("0", "1", "2", "7", "8", "64", "100", "4095", "4096", "4097", "8192", "8193", "65535"),
    *("65536", "65537", "1048576", "4194304", "4194305", "2147483647", "2147483648"),
    *("4294967295", "4294967296", "9223372036854775807", "9223372036854775808"),
    *("18446744073709551615", "18446744073709551616", "99999999999999999999999", "00001"),
    *("-1", "+1", "1k", "4K", "1M", "1G", "16777216G", "1kk", "0x10", "1e3", "", " ", "k"),
)
BASES = ("kernel", "user", "noio", "nofs", "nowait", "atomic", "KERNEL", "!atomic", "0xcc0", "")
MODIFIERS = ("zero", "nowarn", "account", "thisnode", "noretry", "retry_mayfail", "nofail", "")
ALLOCATORS = ("kmalloc", "vmalloc", "kvmalloc", "pages", "all", "slab", "kmalloc,kmalloc", "")
WORDS = (
    "yes",
    "no",
    "any",
    "none",
    "all",
    "x2",
    "x1024",
    "x1",
    "x",
    "list",
    "c",
    "rust",
    "library",
)

# Keys whose values are words, mostly.
NAMES = ("preset", "pattern", "free_order", "via", "zero", "kind", "language")

LIBC = ctypes.CDLL(None, use_errno=True)


def syscall(name: str, *arguments: object) -> tuple[int, int]:
    """Calls a function of the C library once, whatever comes of it: its result, and errno."""
    ctypes.set_errno(0)
    function = getattr(LIBC, name)
    function.restype = ctypes.c_ssize_t
    result = int(function(*arguments))
    return result, ctypes.get_errno() if result < 0 else 0


class Grammar:
    """Commands: of every scenario, with every parameter that it takes, and with others."""

    def __init__(self) -> None:
        self.scenarios: dict[str, list[str]] = {}
        # What is said to be accepted, besides numbers.
        self.accepted: dict[str, list[str]] = {}
        name = ""
        for line in lab.read("scenarios").splitlines():
            if match := re.match(r"(\w+): ", line):
                name = match[1]
                self.scenarios[name] = []
            elif match := re.match(r"    (\w+)=\S*  (.*)", line):
                self.scenarios[name].append(match[1])
                self.accepted[match[1]] = re.findall(r"[a-z][a-z0-9_-]+", match[2])
        self.keys = sorted({key for keys in self.scenarios.values() for key in keys})

    def value(self, dice: random.Random, key: str) -> str:
        if key == "gfp":
            modifiers = dice.choices(MODIFIERS, k=dice.randrange(4))
            return "+".join([dice.choice(BASES), *modifiers])
        if key == "allocator":
            return ",".join(dice.choices(ALLOCATORS, k=dice.randrange(1, 3)))
        if key == "sizes":
            pairs = [
                f"{dice.choice(NUMBERS)}:{dice.choice(NUMBERS)}" for _ in range(dice.randrange(9))
            ]
            return dice.choice(["fixed", "sweep", "uniform", "powers", ",".join(pairs)])
        if key == "background":
            return dice.choice(NUMBERS) + dice.choice(["", "+gaps"])
        words = (*WORDS, *self.accepted.get(key, []))
        return dice.choice(NUMBERS if dice.random() < 0.7 and key not in NAMES else words)

    def command(self, dice: random.Random) -> bytes:
        """Of a scenario that is there, with parameters that it takes, mostly."""
        name = dice.choice([*self.scenarios, "nothing", ""])
        takes = self.scenarios.get(name) or self.keys
        keys = dice.sample(takes, min(dice.randrange(5), len(takes)))
        if dice.random() < 0.1:
            keys += dice.choices([*self.keys, "colour", ""], k=2)
        words = [f"{key}={self.value(dice, key)}" for key in keys]
        # What would take long by default is small, unless the command says otherwise.
        words += [f"{key}=1" for key in ("repeat", "share") if key in takes and key not in keys]
        separator = dice.choice([" ", " ", "  ", "\t"])
        return separator.join([name, *words]).encode() + dice.choice([b"", b"\n"])

    def holding(self, dice: random.Random, names: Sequence[str]) -> bytes:
        """For the file `held`, about names that are the worker's own."""
        verb = dice.choice(["alloc", "alloc", "free", "free", "keep", ""])
        keys = dice.sample(
            ["allocator", "size", "count", "gfp", "order", "align"], dice.randrange(3)
        )
        words = [f"{key}={self.value(dice, key)}" for key in keys]
        return " ".join([verb, f"name={dice.choice(names)}", *words]).encode()


def mutated(dice: random.Random, command: bytes) -> bytes:
    """A command with something wrong."""
    data = bytearray(command)
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(data) + 1)
        kind = dice.randrange(6)
        if kind == 0 and data:
            data[at % len(data)] = dice.randrange(256)
        elif kind == 1:
            data[at:at] = dice.randbytes(dice.randrange(1, 9))
        elif kind == 2:
            del data[at : at + dice.randrange(1, 9)]
        elif kind == 3:
            data[at:at] = data[dice.randrange(len(data) + 1) :]
        elif kind == 4:
            data[at:at] = b"\0"
        else:
            length = dice.choice([MAX_COMMAND_BYTES - 1, MAX_COMMAND_BYTES, MAX_COMMAND_BYTES + 1])
            data += b" " * max(length - len(data), 0)
    return bytes(data[: dice.choice([len(data), MAX_COMMAND_BYTES, 65536])])


class Worker(threading.Thread):
    """Does its share of the cases, with descriptors of its own and some that all share."""

    def __init__(
        self, number: int, seed: int, cases: int, shared: list[int], grammar: Grammar
    ) -> None:
        super().__init__()
        self.dice = random.Random(f"{seed}/{number}")
        self.cases = cases
        self.shared = shared
        self.grammar = grammar
        self.own: dict[str, list[int]] = {name: [] for name in FILES}
        self.names = [f"worker{number}-{index}" for index in range(8)]
        self.held: set[str] = set()
        self.problems: list[str] = []
        self.done: dict[str, int] = {}

    def run(self) -> None:
        kinds: list[tuple[int, Callable[[], None]]] = [
            (6, self.open_somehow),
            (4, self.close_one),
            (20, self.give_command),
            (10, self.hold),
            (25, self.read_somewhere),
            (6, self.write_parts),
            (6, self.give_bad_pointer),
            (10, self.do_strange_things),
            (5, self.write_document),
            (8, self.use_shared),
        ]
        weights = [weight for weight, _ in kinds]
        for _ in range(self.cases):
            _, kind = self.dice.choices(kinds, weights)[0]
            self.done[kind.__name__] = self.done.get(kind.__name__, 0) + 1
            try:
                kind()
            except Exception as error:  # A case that fails must not end the others.
                self.complain(f"{kind.__name__}: {error!r}")
        for descriptors in self.own.values():
            for descriptor in descriptors:
                os.close(descriptor)

    def complain(self, problem: str) -> None:
        self.problems.append(problem[:300])

    def look(self, text: bytes, of: str) -> None:
        """No address is in what can be read."""
        if secret := SECRET.search(text.decode(errors="replace")):
            self.complain(f"{of} shows '{secret[0]}'")

    def descriptor(self, name: str) -> int:
        """One of this worker's, for reading and, of a file that takes commands, writing."""
        if not self.own[name]:
            flags = os.O_RDWR if name in COMMAND_FILES else os.O_RDONLY
            self.own[name].append(os.open(lab.path_of(name), flags))
        return self.dice.choice(self.own[name])

    def open_somehow(self) -> None:
        name = self.dice.choice(FILES)
        flags = self.dice.choice([os.O_RDONLY, os.O_WRONLY, os.O_RDWR, 3])
        for flag in (
            *(os.O_APPEND, os.O_TRUNC, os.O_NONBLOCK, os.O_DIRECT, os.O_SYNC, os.O_CREAT),
            *(os.O_EXCL, os.O_DIRECTORY, os.O_NOFOLLOW, os.O_PATH, os.O_NOATIME, os.O_TMPFILE),
        ):
            if self.dice.random() < 0.1:
                flags |= flag
        result, error = syscall("open", lab.path_of(name).encode(), flags, 0o777)
        if result < 0:
            if error in (errno.EINTR, errno.EIO, errno.EFAULT):
                self.complain(f"open {name} with {flags:#o}: {errno.errorcode[error]}")
            return
        is_plain = flags & os.O_ACCMODE == (os.O_RDWR if name in COMMAND_FILES else os.O_RDONLY)
        if is_plain and not flags & os.O_PATH and len(self.own[name]) < 8:
            self.own[name].append(result)
        else:
            os.close(result)

    def close_one(self) -> None:
        descriptors = self.own[self.dice.choice(FILES)]
        if descriptors:
            os.close(descriptors.pop(self.dice.randrange(len(descriptors))))

    def write(self, descriptor: int, data: bytes) -> int:
        """Writes once, and returns errno."""
        written, error = syscall("write", descriptor, data, ctypes.c_size_t(len(data)))
        if error == 0 and written != len(data):
            self.complain(f"{written} of {len(data)} bytes of {data!r} were written")
        return error

    def answer(self, descriptor: int) -> bytes:
        """Reads to the end, in parts of any length."""
        parts: list[bytes] = []
        while True:
            part = os.read(descriptor, self.dice.choice([1, 7, 100, 4095, 4096, 65536, 1 << 20]))
            if not part:
                return b"".join(parts)
            parts.append(part)
            if len(parts) > 50:
                return b"".join(parts) + lab.read_rest(descriptor).encode()

    def give_command(self) -> None:
        data = self.grammar.command(self.dice)
        if self.dice.random() < 0.3:
            data = mutated(self.dice, data)
        descriptor = self.descriptor("run")
        error = self.write(descriptor, data)
        answer = self.answer(descriptor)
        self.look(answer, f"the answer to {data!r}")
        self.judge(data, error, answer)

    def judge(self, data: bytes, error: int, answer: bytes) -> None:
        """An answer is to the command that was written to the same descriptor."""
        if not data:
            return
        if error not in COMMAND_ERRORS:
            self.complain(f"{data!r}: {errno.errorcode.get(error, error)}")
        is_refusal = answer.startswith(b"refused: ") and answer.count(b"\n") == 1
        name = re.split(rb"[ \t\n]", data.lstrip(b" \t"), maxsplit=1)[0]
        # There may be no memory for an answer.
        is_lost = error == errno.ENOMEM and answer.startswith(b"no answer: ")
        is_report = re.match(rb"run \d+: " + re.escape(name) + rb"\n", answer) is not None
        is_fit = is_refusal or is_lost or (is_report and error in BEGUN)
        if not (is_report if error == 0 else is_fit):
            self.complain(f"{data!r}: {errno.errorcode.get(error, error)}: {answer[:100]!r}")

    def hold(self) -> None:
        data = self.grammar.holding(self.dice, self.names)
        verb, _, rest = data.decode().partition(" ")
        name = rest.split(" ")[0].removeprefix("name=")
        descriptor = self.descriptor("held")
        error = self.write(descriptor, data)
        self.look(self.answer(descriptor), f"the answer to {data!r}")
        if error not in COMMAND_ERRORS:
            self.complain(f"{data!r}: {errno.errorcode.get(error, error)}")
        is_held = name in self.held
        if verb == "alloc" and error == 0:
            if is_held:
                self.complain(f"{data!r}: it was held already")
            self.held.add(name)
        elif verb == "free" and error == 0:
            if not is_held:
                self.complain(f"{data!r}: it was not held")
            self.held.discard(name)
        elif error == (errno.EEXIST if verb == "free" else errno.ENOENT):
            self.complain(f"{data!r}: {errno.errorcode[error]}")

    def read_somewhere(self) -> None:
        name = self.dice.choice(FILES)
        descriptor = self.descriptor(name)
        offset = self.dice.choice([0, 1, 10, 4096, 1 << 20, 1 << 31, (1 << 63) - 1, -1])
        size = self.dice.choice([0, 1, 7, 4095, 4096, 65536, 1 << 20])
        buffer = ctypes.create_string_buffer(size)
        if self.dice.random() < 0.5:
            whence = self.dice.randrange(6)
            syscall("lseek", descriptor, ctypes.c_longlong(offset), whence)
            result, error = syscall("read", descriptor, buffer, ctypes.c_size_t(size))
        else:
            result, error = syscall(
                "pread", descriptor, buffer, ctypes.c_size_t(size), ctypes.c_longlong(offset)
            )
        if result > size:
            self.complain(f"{name}: {result} bytes were read of {size}")
        if error in (errno.EINTR, errno.EIO):
            self.complain(f"{name} at {offset}: {errno.errorcode[error]}")
        self.look(buffer.raw[: max(result, 0)], name)

    def write_parts(self) -> None:
        """Each part of a writev(2) is a command; the answer is to the last that was carried out."""
        descriptor = self.descriptor("run")
        parts = [self.grammar.command(self.dice) for _ in range(self.dice.randrange(1, 4))]
        try:
            os.writev(descriptor, parts)
        except OSError as error:
            if error.errno not in COMMAND_ERRORS:
                self.complain(f"writev: {error!r}")
        self.look(self.answer(descriptor), "the answer to parts")

    def give_bad_pointer(self) -> None:
        name = self.dice.choice(FILES)
        descriptor = self.descriptor(name)
        pointer = ctypes.c_void_p(self.dice.choice([0, 1, 4096, (1 << 47) - 4096, 1 << 63, -4096]))
        size = ctypes.c_size_t(self.dice.choice([1, 100, 4096, 4097, 1 << 20, (1 << 63) - 1]))
        call = self.dice.choice(["read", "write"])
        result, error = syscall(call, descriptor, pointer, size)
        expected = {errno.EFAULT, errno.EBADF, errno.EINVAL, errno.E2BIG, errno.ENOMEM}
        # Nothing is copied at the end of a file.
        if error not in expected and not (call == "read" and result == 0):
            self.complain(f"{call} {name}, {size.value} bytes nowhere: {result}, errno {error}")

    def do_strange_things(self) -> None:
        """What no such file is for. Any errno will do, but for those of a wait that was ended."""
        name = self.dice.choice(FILES)
        descriptor = self.descriptor(name)
        things: list[Callable[[], object]] = [
            lambda: fcntl.ioctl(descriptor, self.dice.getrandbits(32), 0),
            lambda: fcntl.fcntl(descriptor, fcntl.F_SETFL, self.dice.getrandbits(16)),
            lambda: fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB),
            lambda: os.ftruncate(descriptor, self.dice.getrandbits(20)),
            lambda: os.fsync(descriptor),
            lambda: os.posix_fallocate(descriptor, 0, 4096),
            lambda: os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED),
            lambda: mmap.mmap(descriptor, 4096),
            lambda: select.select([descriptor], [descriptor], [descriptor], 0),
            lambda: os.sendfile(descriptor, self.descriptor("version"), 0, 100),
            lambda: os.copy_file_range(self.descriptor("version"), descriptor, 100),
            lambda: self.splice(descriptor),
            lambda: os.close(os.dup(descriptor)),
            lambda: os.fchdir(descriptor),
            lambda: os.listdir(descriptor),
            lambda: os.unlink(lab.path_of(name)),
            lambda: os.rename(lab.path_of(name), lab.path_of("x")),
            lambda: os.mkdir(lab.path_of("x")),
            lambda: os.readlink(lab.path_of(name)),
        ]
        try:
            self.dice.choice(things)()
        except OSError as error:
            if error.errno in (errno.EINTR, errno.EIO):
                self.complain(f"{name}: {error!r}")
        except (TypeError, ValueError):
            pass
        # F_SETFL may have made it one that the next case does not expect.
        if descriptor in self.own[name]:
            fcntl.fcntl(descriptor, fcntl.F_SETFL, 0)

    def splice(self, descriptor: int) -> None:
        """From the file into a pipe, and from a pipe into the file."""
        reader, writer = os.pipe()
        try:
            os.write(writer, b"version")
            os.splice(reader, descriptor, 7)
        finally:
            os.close(reader)
            os.close(writer)

    def write_document(self) -> None:
        name = self.dice.choice([*lab.DOCUMENTS, "progress"])
        error = self.write(self.descriptor(name), b"probe")
        if error not in (errno.EBADF, errno.EINVAL):
            self.complain(f"{name} could be written to: {errno.errorcode.get(error, error)}")

    def use_shared(self) -> None:
        """Others read and write the same open file meanwhile: any part of any answer may come."""
        descriptor = self.dice.choice(self.shared)
        if self.dice.random() < 0.5:
            error = self.write(descriptor, self.grammar.command(self.dice))
            if error not in COMMAND_ERRORS:
                self.complain(f"a shared descriptor: {errno.errorcode.get(error, error)}")
        self.look(os.read(descriptor, self.dice.choice([1, 100, 65536])), "a shared descriptor")


def held_names() -> set[str]:
    """The names that the file `held` lists."""
    return set(re.findall(r"^(worker\d+-\d+) ", lab.read("held"), re.MULTILINE))


def main() -> None:
    wanted = os.environ.get("HOSTILE_CASES")
    cases = int(wanted) if wanted else lab.scaled(100_000, 1500 // lab.SLOWNESS, "cases")
    seed = int(os.environ.get("HOSTILE_SEED") or random.randrange(1 << 31))
    print(f"# HOSTILE_SEED={seed} gives each worker the same cases again", flush=True)
    grammar = Grammar()
    log = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
    os.lseek(log, 0, os.SEEK_END)
    shared = [os.open(lab.path_of("run"), os.O_RDWR) for _ in range(3)]
    share = cases // WORKERS
    workers = [Worker(number, seed, share, shared, grammar) for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    done: dict[str, int] = {}
    for worker in workers:
        for kind, number in worker.done.items():
            done[kind] = done.get(kind, 0) + number
    print("# " + ", ".join(f"{kind}: {number}" for kind, number in sorted(done.items())))

    def all_is_as_it_has_to_be() -> Iterator[str]:
        for worker in workers:
            yield from worker.problems

    def every_case_was_done() -> Iterator[str]:
        if sum(done.values()) != share * WORKERS or len(done) != 10:
            yield f"{sum(done.values())} of {share * WORKERS}: {done}"

    def nothing_is_lost() -> Iterator[str]:
        expected = {name for worker in workers for name in worker.held}
        if held_names() != expected:
            yield f"held: {sorted(held_names())}; expected {sorted(expected)}"

    def nothing_is_left() -> Iterator[str]:
        for descriptor in shared:
            os.close(descriptor)
        descriptor = os.open(lab.path_of("held"), os.O_RDWR)
        error = lab.write(descriptor, b"free all")
        os.close(descriptor)
        if error != "OK":
            yield f"free all: {error}"
        yield from lab.ledger()

    def the_log_is_silent() -> Iterator[str]:
        while True:
            try:
                line = os.read(log, 8192).decode(errors="replace").partition(";")[2]
            except BlockingIOError:
                return
            except BrokenPipeError:
                continue
            if "rust_memalloc" in line and SECRET.search(line):
                yield line

    def a_command_runs_as_ever() -> Iterator[str]:
        # A run may take 20 ms here, which a busy machine sometimes needs for nothing.
        for _ in range(100):
            if (outcome := lab.ask("probe size=100")).error != "ETIMEDOUT":
                break
        if outcome.error != "OK":
            yield f"{outcome.error}: {outcome.answer}"

    lab.check(
        [
            ("every case was done", every_case_was_done),
            ("every answer belongs to its question, and shows no address", all_is_as_it_has_to_be),
            ("what is held is what was asked for", nothing_is_lost),
            ("nothing is left when that is freed", nothing_is_left),
            ("the module logs no address", the_log_is_silent),
            ("a command runs as ever", a_command_runs_as_ever),
        ]
    )


main()
