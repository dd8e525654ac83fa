"""One run for a terminal: what it is, its steps with their updates, its stores, its failures."""

from __future__ import annotations

from collections.abc import Iterator

from junjo_desktop.cli.agent_sheet import agent_lines
from junjo_desktop.cli.listings import Row
from junjo_desktop.cli.run_tree import run_tree
from junjo_desktop.cli.text import cut, harmless
from junjo_desktop.shell.destinations import OpenRun
from junjo_desktop.shell.links import link_to
from junjo_desktop.widgets.figures import count_text, duration_text, iso_text

_LONGEST_TEXT = 1_000


def run_sheet(run: Row, width: int | None) -> list[str]:
    """Return the lines; all text is harmless, and none of it that others wrote begins a line."""
    agent = agent_lines(run, width) if "operations" in run else []
    return [*facts(run), *agent, "", *run_tree(run, width), *stores(run), *failures(run), *notes(run)]


def facts(run: Row) -> list[str]:
    """Return what is said of the whole run."""
    return [harmless(line) for line in _facts(run)]


def _facts(run: Row) -> Iterator[str]:
    yield f"{'name':<12}{_short(run['name']) or 'not known yet'}"
    yield f"{'state':<12}{_state(run)}"
    version = f" {run['service_version']}" if run["service_version"] else ""
    yield f"{'service':<12}{_short(run['service_name'] + version)}"
    yield f"{'started':<12}{iso_text(int(run['start_time_unix_nano']))}"
    if run["duration_ns"] is not None:
        yield f"{'duration':<12}{duration_text(run['duration_ns'])}"
    yield f"{'trace':<12}{run['trace_id']}"
    yield f"{'span':<12}{run['span_id'] or 'has not arrived'}"
    if run["runtime_id"]:
        yield f"{'runtime id':<12}{_short(run['runtime_id'])}"
    if run["correlation"]:
        yield f"{'correlation':<12}{_short(str(run['correlation']['type']))} {_short(run['correlation']['id'])}"
    if run["parent"]:
        yield f"{'within':<12}{_link_words(run['parent'])}"
    for nested in run["nested"]:
        yield f"{'nested':<12}{_link_words(nested)}"
    # The span alone finds it, once that has arrived.
    runtime_id = None if run["span_id"] else run["runtime_id"]
    yield f"{'link':<12}{link_to(OpenRun(run['trace_id'], run['span_id'], runtime_id))}"


def _state(run: Row) -> str:
    if run["cancelled_reason"]:
        return f"{run['state']}: {_short(run['cancelled_reason'])}"
    if run["error"]:
        return f"{run['state']}: {_short(_error(run['error']['type'], run['error']['message']))}"
    return str(run["state"])


def _link_words(link: Row) -> str:
    span = f", span {link['span_id']}" if link["span_id"] else ""
    return f"{link['type'] or 'run'} {_short(link['name'])}{span}"


def stores(run: Row) -> list[str]:
    """Return a line for each store, and one for each reason to doubt its history."""
    found: list[str] = []
    names = {step["span_id"]: step["name"] for step in run["steps"]}
    for store in run["stores"]:
        owner = names.get(store["owner_span_id"])
        whose = f" of {_short(owner)}" if owner is not None else ""
        found.append(f"  {_short(store['name'] or store['id'])}{whose}: {_short(store['summary'])}")
        for gap in store["missing"]:
            numbers = f"{gap['from_sequence']} to {gap['to_sequence']}"
            found.append(f"    updates {numbers} are missing: {_short(gap['reason'])}")
        found.extend(f"    {_short(note)}" for note in store["notes"])
    return _section("stores", found)


def failures(run: Row) -> list[str]:
    """Return the failures, where they arose before where they were passed on, and apart from them the hooks'."""
    origins = [failure for failure in run["failures"] if failure["is_origin"]]
    passed = [failure for failure in run["failures"] if not failure["is_origin"]]
    found: list[str] = []
    for failure in origins:
        found.append(f"  {_short(failure['name'])} (span {failure['span_id']})")
        found.append(f"    {_short(_error(failure['type'], failure['message']))}")
        if failure["cause"]:
            found.append(f"    because of {_short(failure['cause'])}")
    if passed:
        # From the inside outwards.
        found.append(f"  passed on by {_short(', '.join(failure['name'] for failure in reversed(passed)))}")
    hooks: list[str] = []
    for error in run["hook_errors"]:
        hooks.append(f"  {_short(error['callback'])} on {_short(error['hook_event'])} (span {error['span_id']})")
        hooks.append(f"    {_short(_error(error['type'], error['message']))}")
    return [*_section("failures", found), *_section("hooks that failed (the run did not)", hooks)]


def notes(run: Row) -> list[str]:
    """Return what was malformed or lost."""
    found = [f"  {_short(note)}" for note in run["notes"]]
    for graph in [run["graph"], *run["subflow_graphs"]]:
        found.extend(f"  graph: {_short(note)}" for note in (graph["notes"] if graph else ()))
    lost = [f"{count_text(count)} {what}" for what, count in run["dropped"].items() if count]
    if lost:
        found.append(f"  dropped by the sender: {', '.join(lost)}")
    return _section("notes", found)


def _section(heading: str, lines: list[str]) -> list[str]:
    return ["", heading, *(harmless(line) for line in lines)] if lines else []


def _error(kind: str | None, message: str | None) -> str:
    return f"{kind}: {message}" if kind and message else message or kind or "error"


def _short(text: str) -> str:
    return cut(text, _LONGEST_TEXT)
