"""What goes wrong with the disk is seen in the real window while it lasts, and senders lose nothing."""

from __future__ import annotations

from functools import partial

import grpc
import pytest
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features import discover_features
from junjo_desktop.paths import DataDir
from junjo_desktop.receiver import journal
from junjo_desktop.receiver.journal import JournalLimits
from junjo_desktop.store import database
from tests.shell.conftest import OpenIt
from tests.support.engines import default_key, otlp_port
from tests.support.otlp import span, span_id, trace_id, trace_request
from tests.support.sending import export


def send(engine: Engine, number: int) -> None:
    request = trace_request(span(trace=trace_id(number), id=span_id(number)))
    export(otlp_port(engine), request, key=default_key(engine))


def test_a_full_disk_is_seen_and_so_is_its_end(
    engine: Engine, open_window: OpenIt, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(discover_features()).window
    with monkeypatch.context() as full:
        full.setattr(database, "_ROOM_BYTES", 2**62)  # so much is never free
        send(engine, 1)
        qtbot.waitUntil(lambda: any("nothing more is stored for now" in text for text in window.notices.texts))
        assert any("waits in the intake journal and is not lost" in text for text in window.notices.texts)
        assert window.status._trouble.text() == "Storing failed"
    qtbot.waitUntil(lambda: any(text.startswith("Storing goes on") for text in window.notices.texts), timeout=20_000)
    assert engine.indexer.drain(30)
    assert engine.report().stored_spans == 1
    qtbot.waitUntil(window.status._trouble.isHidden)


def test_senders_that_are_asked_to_wait_are_seen(
    engine: Engine, open_window: OpenIt, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.stop()
    monkeypatch.setattr(journal, "JournalLimits", partial(JournalLimits, stored_bytes=10))
    engine.start()
    window = open_window(discover_features()).window
    qtbot.waitUntil(lambda: window.workbench.intake is not None)
    with engine.store.write():  # nothing can be stored meanwhile
        send(engine, 1)
        with pytest.raises(grpc.RpcError, match="RESOURCE_EXHAUSTED"):
            send(engine, 2)
        qtbot.waitUntil(lambda: any("RESOURCE_EXHAUSTED" in text for text in window.notices.texts))
        assert "refused: overloaded" in window.status._trouble.text()
    assert engine.indexer.drain(30)
    send(engine, 2)
    assert engine.indexer.drain(30)
    assert engine.report().stored_spans == 2


def test_a_damaged_database_that_was_set_aside_is_named(
    data_dir: DataDir, engine: Engine, open_window: OpenIt, qtbot: QtBot
) -> None:
    engine.stop()
    data_dir.telemetry.write_bytes(b"no database" * 10_000)
    engine.start()
    window = open_window(discover_features()).window
    aside = [path.name for path in data_dir.root.iterdir() if ".damaged-" in path.name]
    assert len(aside) == 1
    qtbot.waitUntil(lambda: any(aside[0] in text for text in window.notices.texts))
