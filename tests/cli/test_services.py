"""Figures, map and restarts of services through the real command: with `serve` running and with nothing running."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from junjo_desktop.paths import DataDir
from tests.cli.program import answer, call, serving
from tests.support.otlp import Value
from tests.support.service_worlds import MINUTE, SECOND, Program, World, order, run_of
from tests.support.stored import StoredTelemetry

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("services", "--figures", "--until", "2030-01-01"),
    ("services", "--figures", "--service", "checkout", "--since", "2030-01-01"),
    ("services", "--map"),
    ("services", "--map", "--service", "mailer"),
    ("restarts", "--service", "assistant"),
    ("restarts", "--service", "assistant", "--compare"),
    ("restarts", "--service", "mailer"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders of a shop, and two runs of an assistant of which the later one is slower."""
    root = tmp_path_factory.mktemp("services")
    telemetry = StoredTelemetry(root)
    world = World()
    now = time.time_ns()
    for number in range(20):
        order(world, now - 30 * MINUTE + number * SECOND, fails=number < 2)
    for number, program in enumerate((Program(), Program(step_ms=90, more=("rerank",)))):
        resource: dict[str, Value] = {
            "service.instance.id": f"{number + 1:032x}",
            "service.version": f"1.{number}",
        }
        run_of(world, "assistant", now - (20 - 10 * number) * MINUTE, 20, program, resource)
    world.store(telemetry)
    telemetry.close()
    assert DataDir(root).telemetry.exists()
    return root


def test_figures_of_services_and_their_operations(folder: Path) -> None:
    document = answer("services", "--figures", "--json", "--data-dir", folder)
    found = {service["service_name"]: service for service in document["services"]}
    shop = found["checkout"]
    assert (shop["spans"], shop["errors"], shop["requests"]["spans"], shop["requests"]["errors"]) == (100, 4, 20, 2)
    operation = next(one for one in shop["operations"] if one["name"] == "chat gpt-4o-mini")
    assert (operation["span_type"], operation["spans"], operation["error_rate"]) == ("llm", 20, 0.0)
    assert operation["p50_ns"] <= operation["p95_ns"] <= operation["p99_ns"]
    assert operation["per_minute"] == pytest.approx(20 / (document["span_ns"] / MINUTE), abs=1e-5)
    assert operation["output_tokens"] == 20 * 120


def test_times_and_a_service_narrow(folder: Path) -> None:
    document = answer("services", "--figures", "--service", "mailer", "--since", "1h", "--json", "--data-dir", folder)
    assert [service["service_name"] for service in document["services"]] == ["mailer"]
    assert answer("services", "--figures", "--since", "1m", "--json", "--data-dir", folder)["services"] == []
    assert call("services", "--figures", "--since", "1m", "--data-dir", folder).stderr == "Nothing matches.\n"


def test_the_map_as_nodes_and_edges(folder: Path) -> None:
    document = answer("services", "--map", "--json", "--data-dir", folder)
    edges = {(edge["from"]["name"], edge["to"]["name"]): edge for edge in document["edges"]}
    assert edges["web-front", "checkout"] | {"p50_ns_about": 0, "p95_ns_about": 0} == {
        "from": {"kind": "service", "name": "web-front"},
        "to": {"kind": "service", "name": "checkout"},
        "kind": "call",
        "calls": 20,
        "errors": 2,
        "error_rate": 0.1,
        "p50_ns_about": 0,
        "p95_ns_about": 0,
    }
    assert edges["checkout", "mailer"]["kind"] == "message"
    assert edges["assistant", "anthropic"]["to"]["kind"] == "model provider"
    around = answer("services", "--map", "--service", "mailer", "--json", "--data-dir", folder)
    assert [node["name"] for node in around["nodes"]] == ["checkout", "mailer"]


def test_restarts_and_what_the_newest_changed(folder: Path) -> None:
    document = answer("restarts", "--service", "assistant", "--compare", "--json", "--data-dir", folder)
    assert [run["service_version"] for run in document["runs"]] == ["1.1", "1.0"]
    assert document["tells_processes"]
    assert document["runs"][0]["requests"] == 20
    comparison = document["comparison"]
    verdicts = {operation["name"]: operation["verdicts"] for operation in comparison["operations"]}
    assert verdicts["load context"] == ["slower"]
    assert verdicts["rerank"] == ["new"]
    assert comparison["requests"]["left"]["spans"] == 20
    lines = call("restarts", "--service", "assistant", "--compare", "--data-dir", folder).stdout.splitlines()
    assert any(line.startswith("slower") and "load context" in line and "20 → 20" in line for line in lines)


def test_what_is_not_there_is_said(folder: Path) -> None:
    outcome = call("restarts", "--service", "nobody", "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (1, "")
    assert "No span of nobody began then." in outcome.stderr
    once = call("restarts", "--service", "mailer", "--compare", "--data-dir", folder)
    assert (once.returncode, "ran only once" in once.stderr) == (1, True)
    told = call("restarts", "--service", "mailer", "--data-dir", folder)
    assert (told.returncode, "pause of a minute" in told.stderr) == (0, True)


@pytest.mark.parametrize(
    "words",
    [
        ("services", "--service", "shop"),
        ("services", "--figures", "--limit", "3"),
        ("services", "--figures", "--map"),
        ("restarts",),
        ("services", "--figures", "--since", "yesterday"),
    ],
)
def test_what_makes_no_sense_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    outcome = call(*words, "--data-dir", folder)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.count("\n") == 1


def test_answers_are_the_same_with_and_without_a_running_app(folder: Path) -> None:
    commands = [(*command, *form, "--data-dir", folder) for command in COMMANDS for form in ((), ("--json",))]
    alone = [call(*command) for command in commands]
    with serving(folder, "--no-auth"):
        asked = [call(*command) for command in commands]
    for command, one, other in zip(commands, alone, asked, strict=True):
        assert one.returncode == other.returncode == 0, command
        assert one.stderr == other.stderr, command
        assert _timeless(one.stdout) == _timeless(other.stdout), command


def _timeless(text: str) -> Any:
    """How often something happens in a minute depends on now."""
    if not text.startswith("{"):
        return [[word for word in line.split() if "." not in word] for line in text.splitlines()]
    document = json.loads(text)
    for service in document.get("services", []):
        for figures in (service["requests"], *service["operations"]):
            figures.pop("per_minute")
    document.pop("span_ns", None)
    return document
