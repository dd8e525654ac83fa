"""The window's command: where there is no display, and where a window is open already."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from junjo_desktop.cli.display import require_display
from junjo_desktop.errors import DisplayUnavailableError
from junjo_desktop.link.client import LinkClient, NobodyThereError
from junjo_desktop.link.endpoint import read_endpoint
from junjo_desktop.paths import DataDir
from tests.cli.program import call, environment, program, run, serving
from tests.support.engines import make_engine
from tests.support.screen import XVFB, virtual_screen

NO_DISPLAY = {"QT_QPA_PLATFORM": None, "DISPLAY": None, "WAYLAND_DISPLAY": None}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"DISPLAY": ":4711"},
        {"WAYLAND_DISPLAY": "wayland-4711"},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":4711"},
    ],
    ids=str,
)
@pytest.mark.parametrize("command", [(), ("demo",)], ids=["window", "demo"])
def test_without_a_display_serve_is_named(tmp_path: Path, command: tuple[str, ...], changes: dict[str, str]) -> None:
    folder = () if command else ("--data-dir", str(tmp_path / "data"))
    outcome = run(*command, *folder, env=environment(**{**NO_DISPLAY, **changes}))
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert "junjo-desktop serve" in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600", "xcb;offscreen"])
def test_platforms_that_need_no_display_are_left_to_qt(platform: str) -> None:
    require_display({"QT_QPA_PLATFORM": platform})


@pytest.mark.skipif(XVFB is None, reason="Xvfb is not installed")
def test_a_real_display_will_do(tmp_path: Path) -> None:
    with virtual_screen(tmp_path) as screen:
        require_display({"DISPLAY": screen.display})


def test_a_missing_system_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "PySide6"
    (package / "Qt" / "plugins" / "platforms").mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(__import__("sys").modules, "PySide6", raising=False)
    with pytest.raises(DisplayUnavailableError, match=r"xcb plugin lacks a system library \(.*libqxcb\.so"):
        require_display({"DISPLAY": ":0"})


def test_a_second_start_raises_the_first_window(data_dir: DataDir) -> None:
    engine = make_engine(data_dir)
    raised: list[bool] = []
    engine.on_raise = lambda: raised.append(True)
    engine.start()
    try:
        outcome = run("--data-dir", data_dir.root)
    finally:
        engine.stop()
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
    assert raised == [True]


def test_beside_serve_no_window_opens_and_the_reason_is_given(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as served:
        outcome = run("--data-dir", tmp_path / "data")
        assert (outcome.returncode, outcome.stdout) == (1, "")
        assert f"process {served.process.pid}" in outcome.stderr
        assert "Traceback" not in outcome.stderr
        assert served.end() == (0, "", "")


def test_the_demo_fills_itself_through_the_receiver_and_leaves_nothing() -> None:
    with program("demo", "--headless") as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().removeprefix("data folder ").rstrip("\n"))
        assert "OTLP/gRPC listening on 127.0.0.1:" in process.stdout.readline()
        services = run("services", "--json", "--data-dir", folder)
        assert len(services.stdout.split(",")) >= 3, services
        assert run("workflows", "--limit", "1", "--json", "--data-dir", folder).stdout.count("trace_id") == 1
        process.terminate()
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, ""), out
    assert not folder.exists()


def test_a_demo_has_a_folder_of_its_own(tmp_path: Path) -> None:
    outcome = run("demo", "--headless", "--data-dir", tmp_path / "data")
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "data folder of its own" in outcome.stderr


RAISE_WARNING = "This plugin does not support raise()\n"
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.mark.parametrize(
    ("line", "link"),
    [
        (("open", "--trace", TRACE), f"junjo://trace/{TRACE}"),
        (("open", "--trace", TRACE, "--span", SPAN), f"junjo://trace/{TRACE}/span/{SPAN}"),
        (("open", "--execution", "V1StGXR8_Z5jdHi6B-myT"), "junjo://run/V1StGXR8_Z5jdHi6B-myT"),
        (("open", "junjo://run/r1?store=s&step=1"), "junjo://run/r1?store=s&step=1"),
        (("junjo://run/r1",), "junjo://run/r1"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_open_leads_the_window_that_is_there(
    data_dir: DataDir, line: tuple[str, ...], link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    engine = make_engine(data_dir)
    links: list[str] = []
    engine.on_link = links.append
    engine.start()
    try:
        outcome = call("--data-dir", data_dir.root, *line)
    finally:
        engine.stop()
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")
    assert links == [link]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (("open", "--trace", "xyz"), "'xyz' is no trace id. A trace id has 32 hexadecimal digits."),
        (("open", "--trace", TRACE, "--span", "1"), "'1' is no span id."),
        (("open", "--span", SPAN, "junjo://run/r1"), "--span names a span of a trace."),
        (("open", "junjo://run/\x1b[2J"), "characters that no link can hold"),
        (("junjo://delete/everything",), "names no place"),
        (("open", "https://example.org"), "cannot be understood"),
        (("open",), "LINK"),
        (("open", "--trace", TRACE, "--execution", "r"), "not allowed with"),
    ],
    ids=lambda words: ascii(" ".join(words)) if isinstance(words, tuple) else "",
)
def test_a_wrong_place_is_one_sentence_and_opens_nothing(tmp_path: Path, line: tuple[str, ...], says: str) -> None:
    outcome = call(*line, "--data-dir", tmp_path / "data")
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert says in outcome.stderr
    assert outcome.stderr.count("\n") == 1
    assert "\x1b" not in outcome.stderr
    assert not (tmp_path / "data").exists()


def test_a_window_that_is_still_being_built_is_waited_for(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    engine = make_engine(data_dir)
    links: list[str] = []
    ready = threading.Timer(0.5, setattr, (engine, "on_link", links.append))
    engine.start()
    try:
        ready.start()
        outcome = call("--data-dir", data_dir.root, "open", "junjo://run/r1")
    finally:
        ready.join()
        engine.stop()
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert links == ["junjo://run/r1"]


def test_open_beside_serve_says_why_there_is_no_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with serving(tmp_path / "data") as served:
        outcome = run("open", "--execution", "r1", "--data-dir", tmp_path / "data")
        assert (outcome.returncode, outcome.stdout) == (1, "")
        assert f"process {served.process.pid}" in outcome.stderr
        assert served.end() == (0, "", "")


def test_open_starts_the_window_where_there_is_none_and_the_next_one_uses_it(data_dir: DataDir) -> None:
    env = environment(QT_QPA_PLATFORM="offscreen", PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")
    common = ("--data-dir", str(data_dir.root), "--otlp-port", "0", "--validator-port", "0")
    with program("open", "--execution", "not-there-yet", *common, env=env) as window:
        give_up = time.monotonic() + 60
        while not _has_window(data_dir):
            assert window.poll() is None, window.communicate()
            assert time.monotonic() < give_up
            time.sleep(0.05)
        second = run("open", "junjo://run/another", *common, env=env)
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        window.terminate()
        out, err = window.communicate(timeout=60)
    assert (window.returncode, out, err.replace(RAISE_WARNING, "")) == (0, "", "")


def _has_window(data_dir: DataDir) -> bool:
    endpoint = read_endpoint(data_dir)
    if endpoint is None:
        return False
    client = LinkClient(endpoint)
    try:
        return client.hello().has_window
    except NobodyThereError:
        return False
    finally:
        client.close()
