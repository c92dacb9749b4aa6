"""A disk that loses what was not synced: a traced run of system calls, and the files as each cut would leave them.

Every call of a run is replayed on a model in which content and names are on the disk only
after the sync that puts them there. After each call the power may go; what is then found
is worked out in several ways (see `WAYS`). It models a disk that honours sync, and a file
system on which syncing a new file also keeps its name, as Linux's usual ones do.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

WAYS = (
    "all kept",
    "unsynced lost",
    "last write torn",
    "unlink undone",
    "only the database written",
    "only the side file written",
    "some writes lost",
)
"""What a power cut may leave: all, nothing unsynced, half of the last write, names that were to go, and mixtures."""

CALLS = (
    *("openat", "open", "creat", "write", "pwrite64", "ftruncate", "fsync", "fdatasync"),
    *("unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat"),
)
"""The system calls that a trace must hold."""
_LINE = re.compile(r"^(?:\[pid +)?(\d+)\]? +(\w+)\((.*)\) += (-?\d+)(?:<.*>)?(?: .*)?$")
_BY_HANDLE = ("write", "pwrite64", "ftruncate", "fsync", "fdatasync")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Call(NamedTuple):
    """One system call that changed something: its name, the paths it names, and what it wrote where."""

    name: str
    paths: tuple[str, ...]
    data: bytes = b""
    place: int = 0
    """Offset or length."""


def parse(trace: str, root: Path) -> Iterator[Call]:
    """Yield the calls of a trace (strace -f -y -xx) that changed a file below `root`, and what was said on stdout."""
    waiting: dict[str, str] = {}
    for line in trace.splitlines():
        number, whole = line.partition(" ")[0], line
        if "<unfinished ...>" in line:
            waiting[number] = line.replace(" <unfinished ...>", "")
            continue
        resumed = re.match(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$", line)
        if resumed:
            whole = waiting.pop(number, "") + resumed[2]
        call = _call(whole, str(root))
        if call:
            yield call


def _call(line: str, root: str) -> Call | None:
    found = _LINE.match(line)
    if not found or int(found[4]) < 0:
        return None
    name, arguments, answer = found[2], found[3], int(found[4])
    strings = [_bytes(each) for each in _STRING.findall(arguments)]
    if name == "write" and arguments.startswith("1<"):
        return Call("say", (), strings[0][:answer])
    if name not in _BY_HANDLE:
        return _by_name(name, arguments, [each for each in map(bytes.decode, strings) if each.startswith(root)])
    opened = _opened(arguments)
    return _by_handle(name, arguments, opened, strings, answer) if opened.startswith(root) else None


def _by_handle(name: str, arguments: str, opened: str, strings: list[bytes], answer: int) -> Call:
    if name in ("fsync", "fdatasync"):
        return Call("sync", (opened,))
    number = int(arguments.rsplit(", ", 1)[1])
    if name == "ftruncate":
        return Call(name, (opened,), place=number)
    return Call("write", (opened,), strings[0][:answer], number if name == "pwrite64" else -1)


def _by_name(name: str, arguments: str, paths: list[str]) -> Call | None:
    if not paths:
        return None
    if name in ("openat", "open", "creat"):
        makes = "O_CREAT" in arguments or name == "creat"
        return Call("truncate" if "O_TRUNC" in arguments else "create", tuple(paths)) if makes else None
    return Call(re.sub("(at|at2)$", "", name), tuple(paths))


def _opened(arguments: str) -> str:
    found = re.match(r"^\d+<((?:[^>\\]|\\.)*)>", arguments)
    return _bytes(found[1]).decode() if found and "\\x" in found[1] else (found[1] if found else "")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


@dataclass
class Content:
    """What a file holds: on the disk, and what is waiting to get there."""

    durable: bytes = b""
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Offset and bytes of each write; a length and None for each truncation."""

    def with_(self, changes: list[tuple[int, bytes | None]]) -> bytes:
        """Return the content after some of the waiting changes."""
        found = bytearray(self.durable)
        for place, data in changes:
            if data is None:
                found = found[:place] + bytes(max(0, place - len(found)))
            else:
                found += bytes(max(0, place - len(found)))
                found[place : place + len(data)] = data
        return bytes(found)

    @property
    def now(self) -> bytes:
        """Return the content as the running process sees it."""
        return self.with_(self.waiting)


class Disk:
    """The files below a root, as a run of calls changes them."""

    def __init__(self, root: Path) -> None:
        """Begin with what is there, all of it on the disk."""
        self._root = root
        self._names: dict[str, Content] = {
            str(path): Content(path.read_bytes()) for path in sorted(root.rglob("*")) if path.is_file()
        }
        self._durable = dict(self._names)
        self._last: Content | None = None

    def do(self, call: Call) -> None:
        """Let one call happen."""
        names = self._names
        self._last = None
        if call.name in ("create", "truncate"):
            content = names.setdefault(call.paths[0], Content())
            if call.name == "truncate":
                content.waiting.append((0, None))
        elif call.name == "write":
            content = names.setdefault(call.paths[0], Content())
            place = call.place if call.place >= 0 else len(content.now)  # our plain writes all append
            content.waiting.append((place, call.data))
            self._last = content
        elif call.name == "ftruncate":
            names[call.paths[0]].waiting.append((call.place, None))
        elif call.name == "sync":
            self._sync(call.paths[0])
        elif call.name == "unlink":
            names.pop(call.paths[0], None)
        elif call.name == "rename":
            names[call.paths[1]] = names.pop(call.paths[0])
        elif call.name == "link":
            names[call.paths[1]] = names[call.paths[0]]

    def _sync(self, path: str) -> None:
        content = self._names.get(path)
        if content is not None:
            content.durable, content.waiting = content.now, []
            self._durable[path] = content  # syncing a new file keeps its name, too
            return
        folder = path.rstrip("/") + "/"
        for name in {*self._names, *self._durable}:
            if name.startswith(folder) and "/" not in name[len(folder) :]:
                if name in self._names:
                    self._durable[name] = self._names[name]
                else:
                    self._durable.pop(name, None)

    def left(self, way: str, chance: random.Random) -> dict[str, bytes]:
        """Return the files that a power cut leaves now, in one of the WAYS."""
        if way == "unsynced lost":
            return {name: content.durable for name, content in self._durable.items()}
        if way == "unlink undone":
            return {name: content.now for name, content in {**self._durable, **self._names}.items()}
        found = {}
        for name, content in self._names.items():
            changes = content.waiting
            is_side = name.endswith(("-journal", "-wal"))
            if way == "last write torn" and content is self._last:
                place, data = changes[-1]
                changes = [*changes[:-1], (place, (data or b"")[: len(data or b"") // 2])]
            elif (way == "only the database written" and is_side) or (
                way == "only the side file written" and not is_side
            ):
                changes = []
            elif way == "some writes lost":
                changes = [each for each in changes if chance.random() < 0.5]
            found[name] = content.with_(changes)
        return found
