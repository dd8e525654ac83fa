"""The Connect page on a running engine."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceStub
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QTabBar
from pytestqt.qtbot import QtBot

from junjo_desktop.app import Engine
from junjo_desktop.features.connect.known_keys import KnownKeys
from junjo_desktop.features.connect.page import ConnectPage
from junjo_desktop.features.connect.snippet_panel import SnippetPanel
from junjo_desktop.receiver.snippets import MASK, PLACEHOLDER
from junjo_desktop.shell.destinations import OpenTrace, OpenTraces
from junjo_desktop.shell.workbench import Workbench
from tests.features.conftest import Show
from tests.support import hands, otlp


class Visited:
    """Stands where the main window would: notes where the page wants to go."""

    def __init__(self, workbench: Workbench) -> None:
        self.places: list[object] = []
        workbench.connect_shell(self.go, self.tell)

    def go(self, place: object) -> bool:
        self.places.append(place)
        return True

    def tell(self, error: Exception) -> None:
        raise error


@pytest.fixture
def page(workbench: Workbench, show: Show[ConnectPage], qtbot: QtBot) -> ConnectPage:
    page = show(ConnectPage(workbench))
    qtbot.waitUntil(lambda: MASK in page.snippets.shown_code or PLACEHOLDER in page.snippets.shown_code)
    qtbot.waitUntil(lambda: "Listening on" in hands.texts(page.doctor))
    return page


def port(engine: Engine) -> int:
    return next(listener.port for listener in engine.listeners if listener.purpose == "OTLP/gRPC")


def default_secret(engine: Engine) -> str:
    secret = engine.api_keys.secret_of(engine.api_keys.list()[0].id)
    assert secret is not None
    return secret


def send(engine: Engine, key: str | None, service: str = "shop") -> None:
    metadata = (("x-junjo-api-key", key),) if key else ()
    with grpc.insecure_channel(f"127.0.0.1:{port(engine)}") as channel:
        TraceServiceStub(channel).Export(  # type: ignore[no-untyped-call] # generated without types
            otlp.trace_request(otlp.span(), service=service), timeout=10, metadata=metadata
        )


def test_the_snippet_has_the_real_port_and_copies_the_real_key(page: ConnectPage, engine: Engine) -> None:
    assert f'endpoint="localhost:{port(engine)}"' in page.snippets.shown_code
    hands.button(page, "Copy snippet").click()
    copied = QGuiApplication.clipboard().text()
    assert f'api_key="{default_secret(engine)}"' in copied
    assert copied == page.snippets.code()


def test_the_key_is_covered_until_it_is_asked_for(page: ConnectPage, engine: Engine) -> None:
    secret = default_secret(engine)
    assert secret not in page.snippets.shown_code
    hands.button(page, "Show key").click()
    assert secret in page.snippets.shown_code
    hands.button(page, "Show key").click()
    assert secret not in page.snippets.shown_code


def test_no_name_description_or_tooltip_says_the_secret(page: ConnectPage, engine: Engine) -> None:
    hands.button(page, "Show key").click()
    hands.button(page, "Copy snippet").click()
    assert default_secret(engine) not in hands.spoken(page)
    assert default_secret(engine) not in page.report_text()


def test_every_way_to_send_is_a_tab_with_its_versions(page: ConnectPage, qtbot: QtBot) -> None:
    tabs = page.findChild(QTabBar)
    assert isinstance(tabs, QTabBar)
    titles = [tabs.tabText(place) for place in range(tabs.count())]
    assert titles == ["Junjo", "OpenTelemetry Python", "Environment variables", "OpenInference"]
    hands.button(page, "0.61 and older").click()
    assert "JunjoServerOtelExporter" in page.snippets.shown_code
    tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:" in page.snippets.shown_code)
    assert MASK in page.snippets.shown_code
    hands.button(page, "PowerShell").click()
    assert "$env:OTEL_EXPORTER_OTLP_PROTOCOL = 'grpc'" in page.snippets.shown_code


def test_tab_and_version_are_remembered(
    page: ConnectPage, workbench: Workbench, show: Show[ConnectPage], tmp_path: Path
) -> None:
    hands.button(page, "0.62 to 0.65").click()
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    page.save_state(state)
    again = show(ConnectPage(workbench))
    again.restore_state(state)
    assert 'host="localhost"' in again.snippets.shown_code


def test_odd_remembered_state_is_ignored(page: ConnectPage, tmp_path: Path) -> None:
    state = QSettings(str(tmp_path / "state.ini"), QSettings.Format.IniFormat)
    for key in ("snippet", "variant/junjo", "splitter"):
        state.setValue(key, "９９ nonsense")
    page.restore_state(state)
    assert "endpoint=" in page.snippets.shown_code


def test_another_key_can_be_chosen(page: ConnectPage, engine: Engine, qtbot: QtBot) -> None:
    second = engine.api_keys.create("second <b>bold</b>")
    page.activated()
    box = page.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    qtbot.waitUntil(lambda: box.count() == 2)
    place = box.findData(second.id)
    box.setCurrentIndex(place)
    box.activated.emit(place)
    qtbot.waitUntil(lambda: second.secret in page.snippets.code())


def test_a_lost_secret_leaves_a_placeholder_and_a_way_out(
    workbench: Workbench, engine: Engine, show: Show[ConnectPage], qtbot: QtBot
) -> None:
    for key in engine.api_keys.list():
        engine.api_keys.revoke(key.id)
    page = show(ConnectPage(workbench))
    qtbot.waitUntil(lambda: "There is no key yet" in hands.texts(page.snippets))
    assert PLACEHOLDER in page.snippets.shown_code
    hands.button(page, "Create a new key").click()
    qtbot.waitUntil(lambda: MASK in page.snippets.shown_code)
    assert engine.api_keys.is_valid(default_secret(engine))
    assert default_secret(engine) in page.snippets.code()


def test_where_no_key_is_needed_none_is_shown(page: ConnectPage, engine: Engine, qtbot: QtBot) -> None:
    engine.apply_settings(type(engine.settings)(otlp_ports=(0,), validator_port=0, accept_without_key=True))
    page.activated()
    qtbot.waitUntil(lambda: "No key is needed" in hands.texts(page.snippets))
    assert 'api_key=""' in page.snippets.code()
    assert not hands.is_offered(page, "Show key")


def test_the_doctor_tells_what_came_and_what_was_refused(page: ConnectPage, engine: Engine, qtbot: QtBot) -> None:
    send(engine, default_secret(engine), service="checkout")
    with pytest.raises(grpc.RpcError):
        send(engine, "jd_wrong")
    qtbot.waitUntil(lambda: "checkout: 1 item received" in hands.texts(page.doctor))
    qtbot.waitUntil(lambda: "Refused: wrong key, 1 time" in hands.texts(page.doctor))
    assert "jd_wrong" not in hands.texts(page.doctor)
    assert "checkout: 1 item received" in page.report_text()


def test_a_test_span_goes_all_the_way_and_can_be_opened(page: ConnectPage, workbench: Workbench, qtbot: QtBot) -> None:
    visited = Visited(workbench)
    with qtbot.waitSignal(page.probe.finished, timeout=20_000):
        hands.button(page, "Send a test span").click()
    assert [finding.severity for finding in page.probe.findings] == ["ok"] * 4
    assert "Visible. The Traces page lists it." in hands.texts(page.probe)
    hands.button(page, "Open the trace").click()
    assert isinstance(visited.places[0], OpenTrace)
    assert hands.is_offered(page, "Send a test span")


def test_a_refused_test_span_says_which_step_failed_and_why(page: ConnectPage, engine: Engine, qtbot: QtBot) -> None:
    engine.api_keys.revoke(engine.api_keys.list()[0].id)
    with qtbot.waitSignal(page.probe.finished, timeout=20_000):
        page.send_test_span()
    last = page.probe.findings[-1]
    assert (last.severity, len(page.probe.findings)) == ("error", 2)
    assert "UNAUTHENTICATED" in last.title
    assert "new key" in last.next_step
    assert not hands.is_offered(page, "Open the trace")


def test_without_an_open_port_the_page_says_so(page: ConnectPage, engine: Engine, qtbot: QtBot) -> None:
    engine.receiver.stop(0)
    with qtbot.waitSignal(page.probe.finished, timeout=20_000):
        page.send_test_span()
    assert "Nothing speaks gRPC" in page.probe.findings[-1].title


def test_open_traces_goes_to_the_list(page: ConnectPage, workbench: Workbench) -> None:
    visited = Visited(workbench)
    hands.button(page, "Open Traces").click()
    assert visited.places == [OpenTraces()]


def test_hostile_service_names_are_plain_text(page: ConnectPage, engine: Engine, qtbot: QtBot) -> None:
    hostile = "<b>bold</b>\n\u202eevil " + "x" * 10_000
    send(engine, default_secret(engine), service=hostile)
    qtbot.waitUntil(lambda: "<b>bold</b>" in hands.texts(page.doctor))
    assert "\u202e" not in hands.texts(page.doctor)
    assert hands.rich_labels(page) == []


def test_every_control_has_a_name(page: ConnectPage) -> None:
    assert hands.nameless(page) == []


@pytest.mark.parametrize("width", [500, 704, 1200])
def test_the_page_fits_narrow_and_wide_windows(page: ConnectPage, width: int) -> None:
    page.resize(width, 500)
    assert page.minimumSizeHint().width() <= max(width, 700)


def test_commands_are_named_and_run(page: ConnectPage) -> None:
    commands = {command.id: command for command in page.commands()}
    commands["connect.copy_report"].run()
    assert "Listening on" in QGuiApplication.clipboard().text()
    commands["connect.copy_snippet"].run()
    assert "JunjoOtelExporter" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize("width", [360, 720])
def test_everything_has_room_also_without_a_secret(engine: Engine, show: Show[SnippetPanel], width: int) -> None:
    panel = show(SnippetPanel())
    panel.resize(width, 800)
    panel.show_keys(KnownKeys(tuple(engine.api_keys.list()), engine.api_keys.list()[0].id), required=True)
    QApplication.sendPostedEvents()
    assert "cannot be read any more" in panel.key_choice.sentence
    for label in ("0.66 and newer", "0.61 and older", "Create a new key", "Copy snippet", "Open Traces"):
        control = hands.button(panel, label)
        assert control.mapTo(panel, control.rect().topRight()).x() < width, f"{label} is cut"
    assert panel.key_choice.remedy.height() < 80
