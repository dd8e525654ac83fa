"""The window outlives the references that the Qt binding gives away."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject

from junjo_desktop.shell.binding_guard import guard_singletons


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="these objects are immortal from Python 3.12 on")
def test_singletons_have_more_references_than_a_long_session_uses_up() -> None:
    guard_singletons()

    assert min(sys.getrefcount(one) for one in (None, True, False)) > 10**12


def test_guarding_twice_does_no_harm() -> None:
    guard_singletons()
    guard_singletons()

    nothing = QObject().setObjectName("x")  # type: ignore[func-returns-value] # the value is what is tested
    assert nothing is None
