"""The reading of a span is copied in every form, and found in."""

from __future__ import annotations

import json

from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from junjo_desktop.widgets.inspector.reading import read_span
from junjo_desktop.widgets.inspector.reading_view import ReadingView
from tests.support.qt import unnamed_controls
from tests.support.reads import Reads
from tests.telemetry.llm.spans import span_with

_MESSAGES = [
    {"role": "user", "parts": [{"type": "text", "content": "Where is my *order*?"}]},
    {"role": "assistant", "parts": [{"type": "text", "content": "Which one? " + "of them " * 400 + "needle"}]},
]
_CALL = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o"}


def shown(qtbot: QtBot, reads: Reads) -> ReadingView:
    reading = read_span(span_with({**_CALL, "gen_ai.input.messages": json.dumps(_MESSAGES)}))
    assert reading is not None
    view = ReadingView(reads)
    qtbot.addWidget(view)
    view.resize(460, 600)
    view.show()
    view.show_reading(reading)
    qtbot.waitUntil(lambda: not view.view.is_filling)
    return view


def copied(qtbot: QtBot, view: ReadingView, key: str) -> str:
    QGuiApplication.clipboard().clear()
    next(action for action in view.controls.menu.actions() if action.data() == key).trigger()
    qtbot.waitUntil(lambda: not view.is_copying)
    return QGuiApplication.clipboard().text()


def test_it_is_copied_as_text_markdown_json_curl_and_python(qtbot: QtBot, reads: Reads) -> None:
    view = shown(qtbot, reads)
    assert "[user]\nWhere is my *order*?" in copied(qtbot, view, "text")
    assert "### user\n\nWhere is my *order*?" in copied(qtbot, view, "markdown")
    assert json.loads(copied(qtbot, view, "json"))[0]["role"] == "user"
    assert copied(qtbot, view, "curl").startswith("curl https://api.openai.com/v1/chat/completions")
    compile(copied(qtbot, view, "python"), "copied.py", "exec")
    assert not unnamed_controls(view)


def test_what_is_folded_is_found(qtbot: QtBot, reads: Reads) -> None:
    view = shown(qtbot, reads)
    QTest.keyClicks(view.finder.field, "NEEDLE")
    qtbot.waitUntil(lambda: view.finder.found == (("asked", 1),))


def test_messages_are_shown_as_json(qtbot: QtBot, reads: Reads) -> None:
    view = shown(qtbot, reads)
    view.controls.form.button("json").click()
    qtbot.waitUntil(lambda: view.entries[1].parts[0].look == "json")
    assert view.entries[1].parts[0].value()["role"] == "user"
