"""The measurements of `tests/bench` work, and find what they look for. How fast anything is, is not tested here."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pytestqt.qtbot import QtBot

from junjo_desktop.paths import DataDir
from tests.bench.calibration import Calibration
from tests.bench.crash import lives
from tests.bench.crash_check import Findings, check
from tests.bench.crash_load import CrashLoad
from tests.bench.figures import Figure, show
from tests.bench.load import Body, make_request, mark_of, number_of, pool
from tests.bench.questions import NEWEST, questions
from tests.bench.scrolled_window import TICK_MS, Lateness
from tests.support.child import ROOT
from tests.support.engines import make_engine, otlp_port
from tests.support.sending import export
from tests.support.stored import StoredTelemetry

COMMANDS = (
    "ingest",
    "visible",
    "growth",
    "crash",
    "window",
    "start",
    "decoding",
    "run_page",
    "run_graph",
    "trace_lenses",
)
CALIBRATION = Calibration(python_loop_ms=10.0, fsync_ms=1.0, load_average_1_min=0.5, cores=2)


def body_of(spans: int) -> Body:
    return Body(make_request(Random(1), spans, "shop"))  # noqa: S311 - a load, not a secret


def spans_in(data: bytes) -> list[Span]:
    request = ExportTraceServiceRequest.FromString(data)
    return [span for one in request.resource_spans for scope in one.scope_spans for span in scope.spans]


def run(command: str, *arguments: object, json_file: Path) -> dict[str, Figure]:
    subprocess.run(
        [sys.executable, "-m", f"tests.bench.{command}", *map(str, arguments), "--json", str(json_file)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    document = json.loads(json_file.read_text(encoding="utf-8"))
    assert document["calibration"]["after"]["python_loop_ms"] > 0
    names = Figure.__dataclass_fields__
    return {told["name"]: Figure(**{name: told[name] for name in names}) for told in document["figures"]}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_measurement_explains_itself(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module: Any = importlib.import_module(f"tests.bench.{name}")
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == 0
    assert "--json FILE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("a", 10, "ms", 10), "holds"),
        (Figure("a", 11, "ms", 10), "MISSED"),
        (Figure("a", 9, "/s", 10, at_least=True), "MISSED"),
        (Figure("a", 10, "/s", 10, at_least=True), "holds"),
        (Figure("a", 10, "ms"), ""),
    ],
)
def test_a_goal_is_the_most_or_the_least(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


def test_figures_are_told_beside_the_calibration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = [Figure("requests", 4_000, "/s", 3_000, at_least=True), Figure("median", 20.0, "ms", 10.0)]
    show("Some", figures, tmp_path / "some.json", CALIBRATION)
    printed = capsys.readouterr().out
    assert "≥ 3,000 /s" in printed
    assert "≤ 10 ms" in printed
    assert "calibration before: Python loop 10.0 ms" in printed
    told = json.loads((tmp_path / "some.json").read_text(encoding="utf-8"))["figures"]
    assert [figure["verdict"] for figure in told] == ["holds", "MISSED"]
    assert all(figure["in_loops"] > 0 for figure in told)


def test_each_sending_of_a_body_holds_new_spans() -> None:
    body = body_of(20)
    first, second = spans_in(body.sent_as(1, 10**18)), spans_in(body.sent_as(2, 10**18 + 7))
    ids = {(span.trace_id, span.span_id) for span in first + second}
    assert len(ids) == 40
    assert {span.trace_id.hex() for span in second} == set(body.traces_of(2))
    assert {number_of(span.trace_id.hex()) for span in second} == {2}
    assert min(span.start_time_unix_nano for span in first) == 10**18
    assert [span.start_time_unix_nano + 7 for span in first] == [span.start_time_unix_nano for span in second]
    assert all(span.start_time_unix_nano < span.end_time_unix_nano for span in first)
    known = {span.span_id for span in second}
    assert [span.name for span in second if span.parent_span_id not in known] == ["handle_message"] * 3


def test_numbers_of_sendings_are_read_back_from_trace_ids() -> None:
    for number in (0, 63, 64, 12_345_678, 64**4 - 1):
        assert number_of((mark_of(number) + bytes(12)).hex()) == number


def test_spans_of_the_load_are_like_those_of_programs_with_models() -> None:
    spans = [span for body in pool(1, 64, 256) for span in spans_in(body.sent_as(1, 10**18))]
    assert any(span.events for span in spans)
    assert all(12 <= len(span.attributes) <= 20 for span in spans)
    assert 800 <= sum(span.ByteSize() for span in spans) / len(spans) <= 1300
    keys = {attribute.key for span in spans for attribute in span.attributes}
    assert {"openinference.span.kind", "gen_ai.operation.name", "junjo.span_type"} <= keys
    texts = [str(span.attributes) for span in spans]
    assert len(set(texts)) == len(texts)


def test_ingest_tells_what_was_acknowledged_and_stored(tmp_path: Path) -> None:
    figures = run("ingest", "--only", "8x2", "--seconds", 0.3, json_file=tmp_path / "ingest.json")
    assert figures["8 × 2: acknowledged spans"].value > figures["8 × 2: requests"].value > 0
    assert figures["8 × 2: spans until all can be queried"].value > 0
    assert 800 < figures["8 × 2: OTLP bytes, a span"].value < 1300
    assert figures["8 × 2: peak memory of the engine"].value > 20
    assert figures["8 × 2: disk at the peak, an OTLP byte"].value > 0


def test_visible_tells_how_soon_traces_are_returned_and_painted(tmp_path: Path) -> None:
    figures = run("visible", "--rate", 100, "--seconds", 2, json_file=tmp_path / "visible.json")
    assert figures["100 spans/s: acknowledged to returned by a query, p95"].value > 0
    assert figures["100 spans/s: acknowledged to painted, p95"].value > 0
    assert figures["100 spans/s: traces never returned"].verdict == "holds"
    assert figures["100 spans/s: traces never listed"].verdict == "holds"


def test_every_question_of_the_growth_measurement_is_answered(tmp_path: Path) -> None:
    engine = make_engine(DataDir(tmp_path))
    engine.start()
    key = engine.api_keys.list()[0]
    request = ExportTraceServiceRequest.FromString(body_of(40).sent_as(1, time.time_ns()))
    export(otlp_port(engine), request, key=engine.api_keys.secret_of(key.id))
    assert engine.indexer.drain(30)
    asked = list(questions(engine))
    assert all(question.ask() is not None for question in asked)
    assert set(NEWEST) <= {question.name for question in asked}
    engine.stop()


def test_kills_are_the_same_for_the_same_seed() -> None:
    assert lives(7, 50) == lives(7, 50) != lives(8, 50)
    assert len({life.ending for life in lives(7, 50)}) == 4


def test_a_crash_run_loses_nothing(tmp_path: Path) -> None:
    figures = run("crash", "--kills", 1, "--seed", 3, json_file=tmp_path / "crash.json")
    assert figures["kills"].value == 1
    assert figures["spans stored and compared"].value >= figures["spans acknowledged"].value > 0
    assert [name for name, figure in figures.items() if figure.verdict == "MISSED"] == []


@cache
def load() -> CrashLoad:
    return CrashLoad(1, 10**18)


class Stored:
    """Ten acknowledged requests in a store, without those left out."""

    def __init__(self, folder: Path, *, without: int = -1) -> None:
        self.load = load()
        telemetry = StoredTelemetry(folder)
        self.path = telemetry.data_dir.telemetry
        telemetry.add(*(self.load.request(number) for number in range(10) if number != without))
        telemetry.store.close()

    def change(self, statement: str) -> None:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute(statement)

    def check(self, acknowledged: Iterator[int] | range = range(10)) -> Findings:
        return check(self.path, self.load, set(acknowledged), 10)


def test_a_store_that_holds_what_was_sent_passes(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    spans = sum(stored.load.spans(number) for number in range(10))
    assert stored.check() == Findings(stored=spans)
    assert stored.check(range(5)) == Findings(stored=spans), "a request may be stored and its OK lost"


def test_spans_that_are_missing_are_counted(tmp_path: Path) -> None:
    stored = Stored(tmp_path, without=4)
    found = stored.check()
    assert found.missing == stored.load.spans(4)
    assert found.torn == found.duplicated == found.derived == 0


def test_a_span_that_is_there_twice_is_counted(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    stored.change("INSERT INTO spans SELECT * FROM spans LIMIT 1")
    found = stored.check()
    assert found.duplicated == 1
    assert found.derived > 0, "its trace counts one span"


@pytest.mark.parametrize(
    "change", ["name = 'another'", "attributes = '{}'", "end_ns = end_ns + 1", "events = '[]'", "parent_span_id = NULL"]
)
def test_a_span_that_is_not_as_it_was_sent_is_torn(tmp_path: Path, change: str) -> None:
    stored = Stored(tmp_path)
    stored.change(f"UPDATE spans SET {change} WHERE parent_span_id IS NOT NULL AND event_count > 0")  # noqa: S608 - one of those above
    assert stored.check().torn > 0


def test_a_part_of_a_request_that_was_not_acknowledged_is_torn(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    large = max(range(10), key=stored.load.spans)
    span = spans_in(stored.load.data(large))[0]
    stored.change(f"DELETE FROM spans WHERE span_id = '{span.span_id.hex()}'")  # noqa: S608 - only hexadecimal digits
    found = stored.check(number for number in range(10) if number != large)
    assert found.torn == stored.load.spans(large) - 1
    assert found.missing == 0


def test_summaries_that_disagree_with_spans_are_counted(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    stored.change("UPDATE services SET error_count = error_count + 1")
    with duckdb.connect(str(stored.path), read_only=True) as connection:
        [(services,)] = connection.execute("SELECT count(*) FROM services").fetchall()
    assert stored.check().derived == services


def test_a_standstill_counts_for_every_moment_it_lasts(qtbot: QtBot) -> None:
    lateness = Lateness()
    lateness.start()
    qtbot.waitUntil(lambda: len(lateness.milliseconds) > 2)
    before = len(lateness.milliseconds)
    time.sleep(TICK_MS * 20 / 1e3)
    qtbot.waitUntil(lambda: max(lateness.milliseconds) > TICK_MS * 15)
    lateness.stop()
    assert len(lateness.milliseconds) - before >= 15


def test_the_lenses_of_traces_of_every_shape_are_measured(tmp_path: Path) -> None:
    figures = run("trace_lenses", "--spans", 300, json_file=tmp_path / "lenses.json")
    goals = [name for name, figure in figures.items() if figure.goal is not None]
    assert len(goals) == 9
    assert all(figure.value > 0 for figure in figures.values())
