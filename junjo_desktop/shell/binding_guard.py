"""Keeps PySide6 6.12 from taking Python older than 3.12 down.

Measured on Python 3.11.7: nearly every PySide6 6.12.0 call that returns nothing gives away a reference to None that it
never took, and every `emit` one to True (6.11.3 does not; from 3.12 on these objects are immortal and it cannot
matter). A window that paints for some minutes ends with "Fatal Python error: none_dealloc". We do on 3.11 what 3.12
does: give those objects more references than can be used up.
"""

from __future__ import annotations

import ctypes
import sys

_REFERENCES = 1 << 40


def guard_singletons() -> None:
    """Call once before Qt is used; calling again does no harm, later Pythons need nothing."""
    if sys.version_info >= (3, 12):
        return
    for singleton in (None, True, False):
        if sys.getrefcount(singleton) < _REFERENCES:
            # CPython's object header starts with its reference count.
            ctypes.c_ssize_t.from_address(id(singleton)).value += 2 * _REFERENCES
