"""News of the engine reach the window: at once, then throttled, and never after it stopped."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.errors import PortUnavailableError
from junjo_desktop.shell.feed import Throttle
from junjo_desktop.shell.intake_words import listening, rate, stored, trouble
from junjo_desktop.shell.status_bar import StatusBar
from junjo_desktop.telemetry.intake import IntakeReport, Listener, Purpose, Refusal, RefusalReason
from tests.shell.conftest import OpenIt
from tests.support import otlp
from tests.support.engines import default_key, otlp_port
from tests.support.qt import press
from tests.support.sending import export


def report(**changes: object) -> IntakeReport:
    values: dict[str, object] = {
        "listeners": (Listener(Purpose.OTLP, 26155), Listener(Purpose.OTLP, 4317), Listener(Purpose.VALIDATOR, 50053)),
        "keys_required": True,
        "requests": 0,
        "spans": 0,
        "log_records": 0,
        "metrics": 0,
        "waiting": 0,
        "stored_spans": 0,
        "store_bytes": 0,
        "services": (),
        "refusals": (),
    } | changes
    return IntakeReport(**values)  # type: ignore[arg-type] # the fields are given by name


def refusal(reason: RefusalReason, count: int, last_ns: int) -> Refusal:
    return Refusal(reason, count, last_ns, "A program sent no key.", "Copy one from Keys.")


def test_listening_ports_are_named() -> None:
    words = listening(report())
    assert (words.text, words.is_well) == ("Listening on 26155 · 4317", True)


def test_a_port_that_could_not_be_opened_is_named_too() -> None:
    taken = Listener(Purpose.OTLP, 4317, PortUnavailableError("Port 4317 is taken.", "Choose another."))
    words = listening(report(listeners=(Listener(Purpose.OTLP, 26155), taken)))
    assert (words.text, words.is_well) == ("Listening on 26155, not on 4317", False)
    assert words.problem == "Port 4317 is taken. Choose another."
    assert listening(report(listeners=(taken,))).text == "Not listening"


def test_the_rate_is_what_came_since_the_report_before() -> None:
    assert rate(report(spans=10), report(spans=48), 1.0) == "38 spans/s"
    assert rate(None, report(spans=48), 1.0) == "0 spans/s"
    assert rate(report(spans=48), report(spans=48), 1.0) == "0 spans/s"


def test_the_newest_trouble_is_named() -> None:
    refusals = (refusal(RefusalReason.WRONG_KEY, 3, 10), refusal(RefusalReason.TLS, 1, 20))
    assert trouble(report(refusals=refusals))[0] == "1 export refused: TLS spoken to a plaintext port"
    assert trouble(report()) == ("", "")
    assert trouble(report(last_error="The disk is full."))[1] == "The disk is full."


def test_what_is_stored_has_units() -> None:
    assert stored(report(stored_spans=1_204_318, store_bytes=412_000_000)) == "1,204,318 spans · 412 MB"


def test_the_status_bar_leads_to_connect(qtbot: QtBot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(1200, 26)
    bar.show()
    bar.show_report(report(refusals=(refusal(RefusalReason.WRONG_KEY, 3, 10),)))
    with qtbot.waitSignal(bar.connect_pressed):
        press(bar, "3 exports refused: wrong key")


def test_a_throttle_passes_the_first_call_at_once_and_loses_no_last_one(qtbot: QtBot) -> None:
    throttle = Throttle(50)
    passed: list[int] = []
    throttle.passed.connect(lambda: passed.append(1))
    for _ in range(100):
        throttle.call()
    assert len(passed) == 1
    qtbot.waitUntil(lambda: len(passed) == 2)
    with qtbot.assertNotEmitted(throttle.passed, wait=120):
        pass


def send(engine: Engine, *spans: int) -> None:
    request = otlp.trace_request(*(otlp.span(trace=otlp.trace_id(number)) for number in spans))
    export(otlp_port(engine), request, key=default_key(engine))


def test_what_a_program_sends_is_announced_in_the_window(qtbot: QtBot, engine: Engine, open_window: OpenIt) -> None:
    opened = open_window([])
    with qtbot.waitSignal(opened.workbench.batch_stored, timeout=10_000):
        send(engine, 1, 2, 3)
    qtbot.waitUntil(lambda: opened.workbench.intake is not None and opened.workbench.intake.stored_spans == 3)
    qtbot.waitUntil(lambda: "3 spans · " in " ".join(_texts(opened.window.status)))


def test_nothing_is_announced_after_the_window_closed(qtbot: QtBot, engine: Engine, open_window: OpenIt) -> None:
    opened = open_window([])
    opened.close()
    stored = threading.Event()
    unsubscribe = engine.subscribe(stored.set)
    with qtbot.assertNotEmitted(opened.workbench.batch_stored, wait=100):
        send(engine, 1)
        assert stored.wait(10)
    unsubscribe()


def _texts(bar: StatusBar) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in bar.findChildren(QLabel)]
