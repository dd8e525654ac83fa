"""What can be written on the command line, and the help for it."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from junjo_desktop import __version__
from junjo_desktop.cli import epilogs
from junjo_desktop.cli.generating_parser import add_generating

PROGRAM = "junjo-desktop"
DEFAULT_LIMIT = 100
DEFAULT_SQL_LIMIT = 1000
_USAGE_BY = ("model", "provider", "service", "workflow", "node", "conversation", "day")

_DESCRIPTION = "See what an AI workflow did, why, and what it cost. Without a command, opens the window."
_EXAMPLES = """\
examples:
  junjo-desktop                                   open the window
  junjo-desktop serve --otlp-port 4317            receive on one port, without a window
  junjo-desktop traces --service shop --limit 20  the newest traces of one service
  junjo-desktop sql "select name, count(*) from spans group by all"

Queries work whether or not the window or `serve` runs on the same data folder.
"""
_SQL_VIEWS = """\
Views: spans, traces, services, logs; `junjo-desktop sql` lists these and others, with what their columns mean.
Only statements that read are accepted, one at a time.
"""
_WITH_A_VALUE = frozenset({"--data-dir", "--otlp-port", "--validator-port"})


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, and where to read on."""
        text = message[:1].upper() + message[1:]
        self.exit(2, f"{PROGRAM}: {text}. `{self.prog} --help` shows what can be written.\n")


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[_Parser]


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; it sets `command`, the options of that command, and the common ones where they were given."""
    parser = _Parser(
        prog=PROGRAM,
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        parents=[_common("_before")],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    _add_running(commands)
    _add_keys(commands)
    _add_queries(commands)
    add_generating(_add, commands)
    _add_sql(commands)
    _add_storage(commands)
    _add_delete(commands)
    _add_rebuild(commands)
    return parser


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what was written; leaves the process with status 2, and one sentence, when it makes no sense."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    place = _bare_link(words)
    found = build_parser().parse_args(words if place is None else [*words[:place], "open", *words[place:]])
    # A common option may stand before the command, after it, or both: the later one counts, ports add up.
    for name in ("data_dir", "validator_port", "no_auth"):
        before = getattr(found, f"{name}_before", None)
        setattr(found, name, getattr(found, name, before))
    found.otlp_ports = getattr(found, "otlp_ports_before", []) + getattr(found, "otlp_ports", [])
    return found


def _bare_link(words: Sequence[str]) -> int | None:
    """Return where a link stands that is the only command: how the desktop hands over a link that was clicked."""
    place = 0
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in _WITH_A_VALUE else 1
    return place if place < len(words) and words[place].lower().startswith("junjo:") else None


def _common(suffix: str = "") -> _Parser:
    # Two sets of names: a command's parser would otherwise overwrite what stood before the command.
    options = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    group = options.add_argument_group("common options")
    group.add_argument(
        "--data-dir",
        metavar="DIR",
        dest=f"data_dir{suffix}",
        help="folder of telemetry, keys and settings (default: the platform's own, or $JUNJO_DESKTOP_DATA_DIR)",
    )
    group.add_argument(
        "--otlp-port",
        metavar="N",
        type=_port,
        action="append",
        dest=f"otlp_ports{suffix}",
        help="receive OTLP over gRPC on this port instead of the set ones; may be repeated; 0 is any free port",
    )
    group.add_argument(
        "--validator-port",
        metavar="N",
        type=_port,
        dest=f"validator_port{suffix}",
        help="answer key checks on this port; 0 is any free port",
    )
    group.add_argument(
        "--no-auth",
        action="store_true",
        dest=f"no_auth{suffix}",
        help="accept telemetry without a key from this computer",
    )
    return options


def _add_running(commands: Commands) -> None:
    _add(commands, "serve", "receive and store telemetry without a window, until Ctrl-C")
    opened = _add(commands, "open", "show a trace or a run in the window, or where a link leads", epilog=epilogs.OPEN)
    place = opened.add_mutually_exclusive_group(required=True)
    place.add_argument("link", metavar="LINK", nargs="?", help="junjo://…, as the window copies it")
    place.add_argument("--trace", metavar="ID", help="a trace by its id")
    place.add_argument("--execution", metavar="RUNTIME_ID", help="a run of a workflow, subflow or agent")
    opened.add_argument("--span", metavar="ID", help="with --trace: one of its spans")
    demo = _add(commands, "demo", "open the window on sample telemetry, in a folder that is removed at the end")
    demo.add_argument(
        "--headless", action="store_true", help="no window: print the data folder and the ports, and wait for Ctrl-C"
    )
    doctor = _add(commands, "doctor", "say what listens, what arrived, what was refused, and what to do about it")
    _json(doctor)


def _add_keys(commands: Commands) -> None:
    keys = _add(commands, "keys", "create, list or revoke the keys that senders show")
    actions = keys.add_subparsers(dest="action", title="actions", metavar="ACTION", required=True)
    create = _add(actions, "create", "make a key and print its secret; what goes to stdout is the secret alone")
    create.add_argument("name", metavar="NAME", help="what it is for; shown in lists")
    listed = _add(actions, "list", "show the keys, without their secrets")
    revoke = _add(actions, "revoke", "refuse a key from the next request on")
    revoke.add_argument("id", metavar="ID", help="its id, as `keys list` shows it")
    for action in (create, listed, revoke):
        _json(action)


def _add_queries(commands: Commands) -> None:
    services = _add(
        commands,
        "services",
        "names of the services that sent something, how they do, who calls whom",
        epilog=epilogs.SERVICES,
    )
    shown = services.add_mutually_exclusive_group()
    shown.add_argument("--figures", action="store_true", help="rate, errors and durations of each and its operations")
    shown.add_argument("--map", action="store_true", help="calls between them, and to what sends no telemetry")
    services.add_argument("--service", metavar="S", help="with --figures or --map: only of this service.name")
    restarts = _add(commands, "restarts", "runs of a service, cut by its restarts", epilog=epilogs.RESTARTS)
    restarts.add_argument("--service", metavar="S", required=True, help="its service.name")
    restarts.add_argument("--compare", action="store_true", help="what the newest does differently from the one before")
    restarts.add_argument(
        "--limit", metavar="N", type=_count, default=DEFAULT_LIMIT, help="runs at most (default: %(default)s)"
    )
    for command in (services, restarts):
        _times(command)
    _json(restarts)
    spans = _add(commands, "spans", "spans of a service, newest first")
    spans.add_argument("--service", metavar="S", required=True, help="its service.name")
    traces = _add(commands, "traces", "root spans, newest first; traces whose root has not arrived are listed, too")
    traces.add_argument("--service", metavar="S", help="only of this service.name")
    traces.add_argument("--has-llm", action="store_true", help="only with at least one LLM call")
    find = _add(commands, "find", "what matches a query, newest first", epilog=epilogs.FIND)
    find.add_argument("query", metavar="QUERY", nargs="?", help="in quotes; `--` before one that begins with -")
    find.add_argument("--view", metavar="NAME", help="what a saved view asks, and of what; with QUERY, both")
    find.add_argument(
        "--in",
        dest="subject",
        choices=("traces", "spans", "runs", "logs", "calls"),
        default="traces",
        help="what to look for (default: %(default)s)",
    )
    _json(_add(commands, "views", "the saved views of the window's lists, by name"))
    tail = _add(commands, "tail", "what matches, as it arrives, until Ctrl-C", epilog=epilogs.TAIL)
    tail.add_argument("query", metavar="QUERY", nargs="?", default="", help="as for `find`; left out, everything")
    tail.add_argument(
        "--in", dest="subject", choices=("traces", "spans", "logs"), default="traces", help="default: %(default)s"
    )
    tail.add_argument("--json", action="store_true", help="one JSON document a line")
    _add_calls(commands)
    workflows = _add(commands, "workflows", "Junjo workflow runs, newest first")
    workflows.add_argument("--service", metavar="S", help="only of this service.name")
    for name, summary in (
        ("workflow", "one run of a workflow: its steps, its state after each, and its failures"),
        ("agent", "one run of an agent: its operations, tool calls and failures"),
    ):
        run = _add(commands, name, summary, epilog=epilogs.RUN)
        run.add_argument("trace_id", metavar="TRACE_ID")
        run.add_argument("span_id", metavar="SPAN_ID", help="the span of the run, or of any step in it")
        run.add_argument("--no-states", action="store_true", help="leave out the state before and after each update")
        _json(run)
    _add_compare(commands)
    trace = _add(commands, "trace", "all spans of one trace")
    trace.add_argument("trace_id", metavar="TRACE_ID")
    span = _add(commands, "span", "one span, whole")
    span.add_argument("trace_id", metavar="TRACE_ID")
    span.add_argument("span_id", metavar="SPAN_ID")
    logs = _add(commands, "logs", "log records, newest first; also those of no trace")
    logs.add_argument("--service", metavar="S", help="only of this service.name")
    logs.add_argument("--severity", metavar="WORD", help="at least: trace, debug, info, warn, error or fatal")
    logs.add_argument("--trace", metavar="ID", dest="trace_id", help="only of this trace")
    for query in (services, spans, traces, find, workflows, trace, span, logs):
        _json(query)
    for query in (spans, traces, find, workflows, logs):
        _paging(query, "rows at most (default: %(default)s)", DEFAULT_LIMIT)
    for query in (services, trace):
        _paging(query, "rows at most (default: all)", None)


def _add_calls(commands: Commands) -> None:
    calls = _add(commands, "calls", "calls of models, newest first, with tokens and cost", epilog=epilogs.CALLS)
    calls.add_argument("--service", metavar="S", help="only of this service.name")
    calls.add_argument("--model", metavar="M", help="only of models with this in their name")
    calls.add_argument("--provider", metavar="P", help="only of this provider")
    calls.add_argument("--trace", metavar="ID", dest="trace_id", help="only of this trace")
    calls.add_argument("--failed", action="store_true", help="only those that failed")
    _times(calls)
    _paging(calls, "rows at most (default: %(default)s)", DEFAULT_LIMIT)
    call = _add(commands, "call", "one call of a model, whole: messages, tools, tokens, cost", epilog=epilogs.CALLS)
    call.add_argument("trace_id", metavar="TRACE_ID")
    call.add_argument("span_id", metavar="SPAN_ID")
    usage = _add(commands, "usage", "calls, tokens and cost, each call once", epilog=epilogs.CALLS)
    usage.add_argument("--by", choices=_USAGE_BY, default="model", help="default: %(default)s")
    usage.add_argument("--service", metavar="S", help="only of this service.name")
    _times(usage)
    for command in (calls, call, usage):
        _json(command)
    _add_prices(commands)


def _add_prices(commands: Commands) -> None:
    prices = _add(commands, "prices", "what models cost that no price table knows", epilog=epilogs.PRICES)
    _json(prices)
    actions = prices.add_subparsers(dest="action", title="actions", metavar="ACTION", required=False)
    prices.set_defaults(action="list")
    chosen = _add(actions, "set", "set the price of a model, in US dollars for a million tokens")
    chosen.add_argument("model", metavar="MODEL", help="as it is called, or PROVIDER/MODEL")
    for name, is_required, words in (
        ("input", True, "input that is neither from nor for a cache"),
        ("output", True, "output"),
        ("cache-read", False, "input that is read from a cache; left out, as other input"),
        ("cache-write", False, "input that is written to a cache; left out, as other input"),
    ):
        chosen.add_argument(f"--{name}", metavar="X", type=float, required=is_required, help=words)
    gone = _add(actions, "remove", "take the price of a model away")
    gone.add_argument("model", metavar="MODEL", help="as `prices` shows it")
    for action in (chosen, gone):
        _json(action)


def _times(command: argparse.ArgumentParser) -> None:
    for end, words in (("since", "from"), ("until", "up to")):
        command.add_argument(
            f"--{end}", metavar="WHEN", dest=f"{end}_ns", type=_moment, help=f"{words} a date, a time or an age"
        )


def _add_compare(commands: Commands) -> None:
    compared = _add(
        commands,
        "compare",
        "two traces, two runs, or a trace and the median of its name, side by side",
        epilog=epilogs.COMPARE,
        usage=f"{PROGRAM} compare [--json] TRACE_ID TRACE_ID | TRACE_ID --median | TRACE_ID SPAN_ID TRACE_ID SPAN_ID",
    )
    compared.add_argument("ids", metavar="ID", nargs="+", help="one trace, two traces, or two runs by trace and span")
    compared.add_argument(
        "--median", action="store_true", help="compare one trace with the newest others of its name and service"
    )
    _json(compared)


def _add_sql(commands: Commands) -> None:
    sql = _add(commands, "sql", "run a SELECT of your own, read-only", epilog=_SQL_VIEWS)
    sql.add_argument(
        "statement", metavar="STATEMENT", nargs="?", help="in quotes; left out, the views' columns are listed"
    )
    sql.add_argument("--format", choices=("table", "json", "csv"), default="table", help="default: %(default)s")
    sql.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    sql.add_argument(
        "--limit", metavar="N", type=_count, default=DEFAULT_SQL_LIMIT, help="rows at most (default: %(default)s)"
    )


def _add_storage(commands: Commands) -> None:
    stats = _add(commands, "stats", "how much is stored, what it takes on the disk, and what is removed next")
    _json(stats)
    for name, summary in (
        ("star", "keep a trace: it is never removed because of its age or for want of room"),
        ("unstar", "take the star from a trace"),
    ):
        _add(commands, name, summary).add_argument("trace_id", metavar="TRACE_ID")
    for name, summary, what in (
        ("note", "write a note on a trace or a span; an empty one takes it off", "TEXT"),
        ("tag", "give a trace or a span a tag", "TAG"),
        ("untag", "take a tag off a trace or a span", "TAG"),
    ):
        noted = _add(commands, name, summary)
        noted.add_argument("trace_id", metavar="TRACE_ID")
        noted.add_argument("span_id", metavar="SPAN_ID", nargs="?", help="one of its spans; left out, the trace itself")
        noted.add_argument("text", metavar=what)


def _add_rebuild(commands: Commands) -> None:
    rebuild = _add(commands, "rebuild", "make everything derived again from the stored spans", epilog=epilogs.REBUILD)
    rebuild.add_argument("--restart", action="store_true", help="from the beginning, not where it was stopped")
    _json(rebuild)


def _add_delete(commands: Commands) -> None:
    delete = _add(
        commands, "delete", "delete stored telemetry, after saying how much and asking", epilog=epilogs.DELETE
    )
    what = delete.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--trace",
        metavar="ID",
        dest="trace_ids",
        nargs="+",
        action="extend",
        help="these traces, with their logs; starred ones, too",
    )
    what.add_argument(
        "--service", metavar="S", help="what this service.name sent; spans of others in the same traces stay"
    )
    what.add_argument(
        "--before",
        metavar="WHEN",
        dest="before_ns",
        type=_moment,
        help="whole traces that ended before, with their logs; other logs and metrics received before",
    )
    what.add_argument("--all", dest="everything", action="store_true", help="everything that was received until now")
    delete.add_argument(
        "--starred", choices=("keep", "too"), default="keep", help="what of starred traces (default: %(default)s)"
    )
    delete.add_argument("--yes", action="store_true", help="do not ask; needed where there is no terminal")
    _json(delete)


def _add(commands: Commands, name: str, summary: str, **more: Any) -> _Parser:
    sentence = summary[:1].upper() + summary[1:] + "."
    return commands.add_parser(
        name,
        help=summary,
        description=sentence,
        parents=[_common()],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **more,
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print exactly one JSON document")


def _paging(command: argparse.ArgumentParser, words: str, default: int | None) -> None:
    command.add_argument("--limit", metavar="N", type=_count, default=default, help=words)
    command.add_argument("--before", metavar="CURSOR", help="go on after the row that showed this cursor")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65_535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**31:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")


def _moment(text: str) -> int:
    from junjo_desktop.cli.when import when_ns

    try:
        return when_ns(text, time.time_ns())
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no moment: write 2026-01-31, 2026-01-31T18:00, or an age like 30d or 12h"
        ) from None
