"""How soon a query answers, where a million spans are stored: python -m tests.bench.search [--spans N] [--json FILE]

A tenth of the spans are calls of a language model with 2 KB of text. The store is made once, through the receiver, and
kept in build/bench (`--rebuild` makes it again). The newest 50 matches are what a page shows first; all matches follow.
Each figure is the best of several rounds.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial

from duckdb import DuckDBPyConnection

from junjo_desktop.paths import DataDir
from junjo_desktop.store.database import Store
from junjo_desktop.store.query_newest import Newest, has_structure, newest_matches
from junjo_desktop.store.query_reach import Reach
from junjo_desktop.store.query_sql import matching
from junjo_desktop.store.word_index import Group, forget_words
from junjo_desktop.store.word_reading import read_words
from junjo_desktop.telemetry.query.parsing import parse
from junjo_desktop.telemetry.query.subject import Subject
from junjo_desktop.telemetry.query.tree import Condition
from tests.bench.calibration import calibrate
from tests.bench.figures import Figure, arguments, show
from tests.bench.search_load import ABSENT, COMMON, RARE, SELDOM, searched_requests
from tests.bench.search_page import first_paints
from tests.bench.stores import discard, folder_with

KIND = "searched"
LIMIT = 50
_ROUNDS = 7
_ENOUGH_S = 6.0
_FIELD_MS, _RARE_MS, _COMMON_MS, _STRUCTURE_MS = 20.0, 60.0, 30.0, 150.0

_QUERIES: tuple[tuple[str, str, float | None], ...] = (
    ("a field", "service:checkout", _FIELD_MS),
    ("two fields", "status:error model:gpt", _FIELD_MS),
    ("a field that few have", "status:error name:SELECT duration > 3ms", _FIELD_MS),
    ("an attribute", "http.response.status_code >= 500", _FIELD_MS),
    ("a common word", COMMON, _COMMON_MS),
    ("several common words", f"{COMMON} question", _COMMON_MS),
    ("words that no span has together", f"{COMMON} order tea", None),
    ("a rare word", RARE, _RARE_MS),
    ("a word that nobody wrote", ABSENT, _RARE_MS),
    ("a rare word and a common one", f"{RARE} {COMMON}", _RARE_MS),
    ("a word in 600 spans", SELDOM, None),
    ("a number in no span", "4711471147", None),
    ("two levels", "{type:workflow} >> {type:llm}", _STRUCTURE_MS),
    ("two levels with conditions", "{type:workflow} >> {type:tool error = true}", _STRUCTURE_MS),
    ("any span below any", "{} >> {}", _STRUCTURE_MS),
    ("two levels of which one is nowhere", "{name:nowhere} >> {}", _STRUCTURE_MS),
)
_ROWS = {
    Subject.TRACES: Newest(Subject.TRACES, "trace_id", "start_ns", "start_ns DESC, trace_id"),
    Subject.SPANS: Newest(Subject.SPANS, "rowid", "start_ns", "start_ns DESC, rowid DESC"),
}


def best_ms(ask: Callable[[], object], rounds: int = _ROUNDS) -> float:
    """Return the milliseconds of the quickest round."""
    best, give_up = float("inf"), time.perf_counter() + _ENOUGH_S
    for _ in range(rounds):
        begun = time.perf_counter()
        ask()
        best = min(best, (time.perf_counter() - begun) * 1e3)
        if time.perf_counter() > give_up:
            break
    return best


def answers(store: Store) -> Iterator[Figure]:
    """Ask for the newest matches among traces and spans, and for all of them."""
    now_ns = time.time_ns()
    for title, text, goal in _QUERIES:
        for subject, rows in _ROWS.items():
            query = _parsed(text, subject)

            def newest(cursor: DuckDBPyConnection, rows: Newest = rows, query: Condition = query) -> object:
                return newest_matches(cursor, rows, query, now_ns, LIMIT)

            name = f"{title}: newest {LIMIT} {subject}  `{text}`"
            yield Figure(name, best_ms(partial(store.read, newest)), "ms", goal)
        query = _parsed(text, Subject.TRACES)
        yield Figure(f"{title}: how many traces", best_ms(partial(store.read, partial(_count, query=query)), 3), "ms")


def _count(cursor: DuckDBPyConnection, query: Condition) -> int:
    if has_structure(query):
        # As the page does: at once it would take more memory than there is.
        return len(newest_matches(cursor, _ROWS[Subject.TRACES], query, time.time_ns(), 1 << 30))
    condition = matching(cursor, query, time.time_ns())
    found = cursor.execute(f"SELECT count(*) FROM traces WHERE {condition.sql}", condition.parameters).fetchall()  # noqa: S608 - a compiled query
    return int(found[0][0])


def index(store: Store) -> Iterator[Figure]:
    """Measure what the index of words costs: to look a word up, to make it, to keep it, on the disk."""
    rare = _parsed(RARE, Subject.TRACES)
    yield Figure(
        "looking a word up", best_ms(lambda: store.read(lambda cursor: Reach(cursor, rare, Subject.TRACES))), "ms"
    )
    [(after_ns, ends_ns, spans)] = store.read(
        lambda c: c.execute(
            "SELECT after_ns, ends_ns, span_count FROM word_groups ORDER BY number LIMIT 1 OFFSET 3"
        ).fetchall()
    )
    group = Group(after_ns, tuple(ends_ns))
    used_s = min(_processor_s(lambda: store.read(lambda cursor: read_words(cursor, group))) for _ in range(_ROUNDS))
    yield Figure("reading the words of a span, processor", used_s / spans * 1e6, "µs")
    last_ns = time.time_ns()
    with store.write(only_adds=True) as writer:
        asked = best_ms(lambda: forget_words(writer, last_ns, last_ns), 50)
    yield Figure("looking whether a batch comes late for its time", asked, "ms")
    yield Figure("index, share of the file", _share_of_index(store), "%", 10.0)


def _processor_s(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _share_of_index(store: Store) -> float:
    """Return the percentage of used blocks that the tables of the index have."""

    def blocks(cursor: DuckDBPyConnection) -> float:
        tables = ("words", "word_places", "word_groups")
        of_index = " UNION ".join(f"SELECT block_id FROM pragma_storage_info('{table}')" for table in tables)  # noqa: S608 - our own names
        [(index_blocks,)] = cursor.execute(f"SELECT count(DISTINCT block_id) FROM ({of_index})").fetchall()  # noqa: S608 - made of our own names
        [(used,)] = cursor.execute(
            "SELECT used_blocks FROM pragma_database_size() WHERE database_name = current_database()"
        ).fetchall()
        return float(100 * index_blocks / used)

    return store.read(blocks)


def _parsed(text: str, subject: Subject) -> Condition:
    query = parse(text, subject)
    if query is None:
        raise ValueError(text)
    return query


def main() -> None:
    """Measure as the command line says."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--spans", type=int, default=1_000_000, help="how many are stored")
    parser.add_argument("--rebuild", action="store_true", help="make the store again")
    given = parser.parse_args()
    if given.rebuild:
        discard(given.spans, KIND)
    folder = folder_with(given.spans, KIND, searched_requests)
    store = Store.open(DataDir(folder).telemetry)
    try:
        before = calibrate()
        figures = [*answers(store), *index(store)]
    finally:
        store.close()
    figures += first_paints(folder, [(title, text) for title, text, goal in _QUERIES if goal is not None])
    shutil.rmtree(folder)
    show(f"Search in {given.spans:,} spans", figures, given.json, before)


if __name__ == "__main__":
    main()
