"""Whether a window can be opened, asked before Qt is: Qt ends the process when it finds no display."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from junjo_desktop.errors import DisplayUnavailableError

_NEXT_STEP = "Run `junjo-desktop serve` to receive and store telemetry without a window."
# What each platform plugin needs to be told; the others (offscreen, vnc, linuxfb …) need nothing.
_NEEDS = {"xcb": "DISPLAY", "wayland": "WAYLAND_DISPLAY"}


def require_display(environment: Mapping[str, str]) -> None:
    """Return when a window can be opened. Raises `DisplayUnavailableError` with the reason."""
    if not sys.platform.startswith("linux"):
        return
    asked_for = environment.get("QT_QPA_PLATFORM", "")
    if asked_for:
        plugins = [name.partition(":")[0] for name in asked_for.split(";")]
    else:
        plugins = [name for name, variable in _NEEDS.items() if environment.get(variable)]
    if not plugins:
        raise DisplayUnavailableError("There is no display to open a window on.", _NEXT_STEP)
    problems = [_problem(name, environment) for name in plugins]
    if all(problems):
        raise DisplayUnavailableError(f"No window can be opened: {'; '.join(problems)}.", _NEXT_STEP)


def _problem(plugin: str, environment: Mapping[str, str]) -> str:
    variable = _NEEDS.get(plugin.removesuffix("-egl"))
    if variable is None:
        return ""
    if not environment.get(variable):
        return f"{variable} is not set"
    missing = _missing_library(plugin)
    if missing:
        return f"Qt's {plugin} plugin lacks a system library ({missing}; the README names the packages)"
    if plugin == "xcb":
        return (
            "" if _x_server_answers(environment[variable]) else f"the X server {environment[variable]} does not answer"
        )
    return "" if _compositor_answers(environment) else f"the Wayland display {environment[variable]} does not answer"


def _missing_library(plugin: str) -> str:
    """Return the loader's words when the plugin, or a library it needs, cannot be loaded."""
    found = importlib.util.find_spec("PySide6")
    folder = Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else None
    if folder is None:
        return "PySide6 is not installed"
    library = folder / "Qt" / "plugins" / "platforms" / f"libq{plugin}.so"
    try:
        ctypes.CDLL(str(library), mode=os.RTLD_LAZY)
    except OSError as error:
        return str(error).partition(":")[0]
    return ""


def _x_server_answers(display: str) -> bool:
    # The library that Qt itself connects with: it knows every form of DISPLAY, and the authority file.
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    try:
        return bool(xcb.xcb_connection_has_error(connection) == 0)
    finally:
        xcb.xcb_disconnect(connection)


def _compositor_answers(environment: Mapping[str, str]) -> bool:
    path = Path(environment.get("XDG_RUNTIME_DIR", "")) / environment["WAYLAND_DISPLAY"]
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True
