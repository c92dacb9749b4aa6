"""Holds a key in the Linux kernel's keyring of this user, in memory only, so that the slow keyring is asked once.

Loading and asking the system's keyring takes several times what a command takes. Where the
kernel has no keyring, or may not be asked, all of this does nothing.
"""

from __future__ import annotations

import sys

HOURS = 12
"""After this long, or when the computer stops, the kernel forgets."""
_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219), "riscv64": (217, 219), "i686": (286, 288), "armv7l": (309, 311)}
"""Numbers of the calls add_key and keyctl on each kind of machine."""
_OF_THE_USER = -4
_SEARCH, _READ, _INVALIDATE, _SET_TIMEOUT = 10, 11, 21, 15
_MOST = 32_000  # bytes the kernel takes for one key


def read(name: str) -> str | None:
    """Return what is held under a name, None when there is nothing or no such keyring."""
    number = _find(name)
    if number <= 0:
        return None
    import ctypes

    content = ctypes.create_string_buffer(_MOST)
    length = _call(1, _READ, number, content, _MOST)
    if not 0 < length <= _MOST:
        return None
    return content.raw[:length].decode("utf-8", "replace")


def put(name: str, value: str) -> None:
    """Hold a value under a name for some hours."""
    content = value.encode()
    number = _call(0, b"user", _named(name), content, len(content), _OF_THE_USER)
    if number > 0:
        _call(1, _SET_TIMEOUT, number, HOURS * 3600)


def forget(name: str) -> None:
    """Hold nothing under a name any more."""
    number = _find(name)
    if number > 0:
        _call(1, _INVALIDATE, number)


def _find(name: str) -> int:
    return _call(1, _SEARCH, _OF_THE_USER, b"user", _named(name), 0)


def _named(name: str) -> bytes:
    return b"reflect:" + name.encode()


def _call(which: int, *values: object) -> int:
    """Ask the kernel; below 1 when it has no answer."""
    if sys.platform != "linux":
        return -1
    import ctypes
    import os

    numbers = _CALLS.get(os.uname().machine)
    if numbers is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return -1
    try:
        system = ctypes.CDLL(None).syscall
    except (OSError, AttributeError):
        return -1
    system.restype = ctypes.c_long
    return int(system(ctypes.c_long(numbers[which]), *(_passed(each) for each in values)))


def _passed(value: object) -> object:
    import ctypes

    return ctypes.c_long(value) if isinstance(value, int) else value
