"""SQL of the user: one statement that reads, over documented views, with values that JSON can carry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from junjo_desktop.errors import UsageError
from junjo_desktop.store.database import Store
from junjo_desktop.store.sql import VIEWS, Table, documented_columns, run_select
from junjo_desktop.telemetry.intake import Signal
from tests.store.entries import Source
from tests.support.otlp import Value, logs_request, span, span_id, trace_id, trace_request

Drain = Callable[[], None]


def run(store: Store, sql: str, limit: int = 100) -> Table:
    return store.read(lambda cursor: run_select(cursor, sql, limit))


def value(store: Store, expression: str) -> Any:
    """The value of an expression as JSON gives it back."""
    [[found]] = orjson.loads(orjson.dumps(run(store, f"SELECT {expression}").rows))
    return found


def told(store: Store, sql: str) -> UsageError:
    with pytest.raises(UsageError) as found:
        run(store, sql)
    return found.value


@pytest.fixture
def filled(store: Store, source: Source, index: Drain) -> Store:
    """A trace of two services, a model call that failed, and a log record."""
    trace, root = trace_id(1), span_id(1)
    call: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "m",
        "gen_ai.usage.input_tokens": 7,
    }
    source.append(
        trace_request(
            span("root", trace=trace, id=root, start_ns=1_500_000_000_123_456_789, duration_ns=2_500_000),
            resource={"host.name": "h"},
        )
    )
    source.append_spans(
        span("call", trace=trace, parent=root, attributes=call, error="boom", start_ns=1_500_000_000_123_456_790),
        service="back",
    )
    source.append(logs_request("hello", trace=trace), Signal.LOGS)
    index()
    return store


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "select 1;",
        "SELECT 1 -- and a comment; with a semicolon",
        "/* first */ SELECT 1",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "FROM spans",
        "TABLE services",
        "VALUES (1), (2)",
        "DESCRIBE spans",
        "SUMMARIZE spans",
        "SHOW TABLES",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "EXPLAIN (FORMAT json) SELECT 1",
        "PIVOT spans ON kind",
        "SELECT ';'",
        "(SELECT 1) UNION ALL (SELECT 2)",
    ],
)
def test_statements_that_read_are_run(filled: Store, sql: str) -> None:
    assert run(filled, sql).columns


@pytest.mark.parametrize(
    "sql",
    [
        "COPY services TO 'stolen.csv'",
        "COPY (SELECT 1) TO 'stolen.csv'",
        "ATTACH 'other.duckdb' AS other",
        "ATTACH ':memory:' AS other",
        "DETACH telemetry",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "SET threads = 1",
        "SET search_path = 'main'",
        "RESET search_path",
        "USE main",
        "INSERT INTO main.services VALUES ('x', 0, 0, 0, 0, 0, 0)",
        "UPDATE main.services SET span_count = 0",
        "DELETE FROM main.spans",
        "CREATE TABLE x (a INTEGER)",
        "CREATE TEMP TABLE x (a INTEGER)",
        "CREATE MACRO x() AS 1",
        "DROP VIEW friendly.spans",
        "ALTER TABLE main.spans DROP COLUMN name",
        "TRUNCATE main.spans",
        "CALL pragma_version()",
        "CHECKPOINT",
        "VACUUM",
        "EXPORT DATABASE 'stolen'",
        "BEGIN",
        "COMMIT",
        "PREPARE x AS SELECT 1",
        "EXECUTE x",
        "EXPLAIN INSERT INTO main.services VALUES ('x', 0, 0, 0, 0, 0, 0)",
        "EXPLAIN ANALYZE DELETE FROM main.spans",
        "EXPLAIN ANALYZE SET search_path = 'main'",
        "/**/ EXPLAIN --\n ANALYZE CREATE TEMP TABLE x (a INTEGER)",
        "WITH a AS (INSERT INTO main.services VALUES ('x', 0, 0, 0, 0, 0, 0) RETURNING *) SELECT * FROM a",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE main.spans",
        "SELECT 1) ; DROP TABLE main.spans; --",
        "",
        "-- nothing",
        ";",
    ],
)
def test_everything_else_is_refused_with_a_sentence(filled: Store, sql: str) -> None:
    before = run(filled, "SELECT count(*) FROM spans").rows
    error = told(filled, sql)
    assert error.message.endswith(".")
    assert "\n" not in str(error)
    assert run(filled, "SELECT count(*) FROM spans").rows == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_blob('{file}')",
        "SELECT * FROM read_json('{file}')",
        "SELECT * FROM read_parquet('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('{file}')",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
    ],
)
def test_no_file_is_read(store: Store, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("secret\nhunter2\n")
    assert "hunter2" not in str(told(store, sql.format(file=secret)))


def test_errors_are_a_sentence_and_a_hint(filled: Store) -> None:
    missing = told(filled, "SELECT * FROM spams")
    assert missing.message == "Table with name spams does not exist."
    assert missing.hint == 'Did you mean "spans"?'
    assert told(filled, "SELEC 1").message == 'Syntax error at or near "SELEC".'
    assert told(filled, "SELECT 'x'::INTEGER").message == "Could not convert string 'x' to INT32."
    assert "parameters" in told(filled, "SELECT ?").message


def test_names_mean_the_views_and_afterwards_the_tables_again(filled: Store) -> None:
    assert "start_time" in run(filled, "FROM spans").columns
    told(filled, "SELECT nothing FROM spans")
    for _ in range(8):
        columns = filled.read(lambda cursor: cursor.execute("FROM spans").description)
        assert "start_time" not in [column[0] for column in columns or ()]


def test_rows_are_bounded_and_what_is_cut_is_told(store: Store) -> None:
    cut = run(store, "SELECT * FROM range(1_000_000_000_000)", limit=3)
    assert cut.rows == ((0,), (1,), (2,))
    assert cut.truncated
    whole = run(store, "SELECT * FROM range(3)", limit=3)
    assert len(whole.rows) == 3
    assert not whole.truncated
    assert run(store, "SELECT * FROM range(9) t(i) ORDER BY i DESC", limit=2).rows == ((8,), (7,))
    with pytest.raises(UsageError, match="limit"):
        run(store, "SELECT 1", limit=0)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("NULL", None),
        ("true", True),
        ("9223372036854775807", 2**63 - 1),
        ("170141183460469231731687303715884105727::HUGEINT", "170141183460469231731687303715884105727"),
        ("1.50::DECIMAL(5, 2)", 1.5),
        ("12345678901234567890.123456789::DECIMAL(38, 9)", "12345678901234567890.123456789"),
        ("0.1::DOUBLE", 0.1),
        ("'NaN'::DOUBLE", "NaN"),
        ("'-inf'::FLOAT", "-Infinity"),
        ("'\\x00\\xFF'::BLOB", "AP8="),
        ("DATE '2026-11-20'", "2026-11-20"),
        ("TIME '12:30:00.5'", "12:30:00.5"),
        ("TIMESTAMP '2026-11-20 12:30:00.25'", "2026-11-20T12:30:00.25"),
        ("TIMESTAMPTZ '2026-11-20 12:30:00+02'", "2026-11-20T10:30:00+00:00"),
        ("make_timestamp_ns(1500000000123456789)", "2017-07-14T02:40:00.123456789"),
        ("'infinity'::TIMESTAMP", "infinity"),
        ("'0044-03-15 (BC)'::DATE", "0044-03-15 (BC)"),
        ("INTERVAL 3 DAY", "3 days"),
        ("[1, NULL, 2]", [1, None, 2]),
        ("{'a': 'x'::BLOB, 'b': ['NaN'::DOUBLE]}", {"a": "eA==", "b": ["NaN"]}),
        ("MAP {1: 'x'}", {"1": "x"}),
        ("[DATE '2026-11-20']", ["2026-11-20"]),
        ("{'at': TIMESTAMP '2026-11-20 00:00:00'}", {"at": "2026-11-20 00:00:00"}),
        ("'{\"a\": 1}'::JSON", '{"a": 1}'),
        ("'00000000-0000-0000-0000-000000000001'::UUID", "00000000-0000-0000-0000-000000000001"),
        ("'101'::BIT", "101"),
        ("'x'::ENUM ('x', 'DATE')", "x"),
    ],
)
def test_values_are_ready_for_json(store: Store, expression: str, expected: object) -> None:
    assert value(store, expression) == expected


def test_columns_keep_their_names_and_types(store: Store) -> None:
    found = run(store, "SELECT 1 AS \"a b\", 'x' AS c, now() AS d, NULL AS e")
    assert found.columns == ("a b", "c", "d", "e")
    assert found.types == ("INTEGER", "VARCHAR", "TIMESTAMP WITH TIME ZONE", "NULL")


def test_spans_are_shown_in_words(filled: Store) -> None:
    found = run(
        filled,
        "SELECT * EXCLUDE (attributes), attributes->>'gen_ai.request.model' AS model FROM spans ORDER BY start_ns",
    )
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    assert rows[0]["kind"] == "INTERNAL"
    assert rows[0]["status"] == "UNSET"
    assert rows[0]["duration_ms"] == 2.5
    assert rows[0]["start_time"] == "2017-07-14T02:40:00.123456+00:00"
    assert rows[0]["start_ns"] == 1_500_000_000_123_456_789
    assert (rows[1]["span_type"], rows[1]["status"], rows[1]["status_message"]) == ("llm", "ERROR", "boom")
    assert (rows[1]["is_error"], rows[1]["llm_model"], rows[1]["model"], rows[1]["input_tokens"]) == (True, "m", "m", 7)


def test_views_join_by_the_ids_that_their_columns_name(filled: Store) -> None:
    sql = """
        SELECT s.name, r.attributes->>'$."host.name"', c.name, t.name, list(ts.service_name ORDER BY ts.service_name)
        FROM spans s JOIN resources r USING (resource_id) JOIN scopes c USING (scope_id)
        JOIN traces t USING (trace_id) JOIN trace_services ts USING (trace_id)
        WHERE s.name = 'root' GROUP BY ALL
    """
    assert run(filled, sql).rows == (("root", "h", "tests", "root", ["back", "shop"]),)
    assert run(filled, "SELECT body_text, trace_id, service_name FROM logs").rows == (
        ("hello", trace_id(1).hex(), "shop"),
    )
    assert run(filled, "SELECT service_name, span_count, error_count, log_count FROM services ORDER BY 1").rows == (
        ("back", 1, 1, 0),
        ("shop", 1, 0, 1),
    )
    assert run(
        filled, "SELECT status, root_missing, span_count, error_count, llm_count, input_tokens FROM traces"
    ).rows == (("UNSET", False, 2, 1, 1, 7),)


def test_the_largest_time_is_shown_and_does_not_fail(store: Store, source: Source, index: Drain) -> None:
    source.append_spans(span(start_ns=2**64 - 1, duration_ns=0))
    index()
    assert run(store, "SELECT start_time, start_ns FROM spans").rows == (
        ("2262-04-11T23:47:16.854775+00:00", 2**63 - 1),
    )


def test_every_column_of_every_view_is_documented(store: Store) -> None:
    documented = store.read(documented_columns)
    assert list(dict.fromkeys(column.view for column in documented)) == list(VIEWS)
    assert [column for column in documented if not column.comment] == []
    for view in VIEWS:
        assert run(store, f"FROM {view}").columns == tuple(one.name for one in documented if one.view == view)


def test_a_search_path_that_stays_cannot_be_set(store: Store) -> None:
    with pytest.raises(duckdb.Error, match="locked"):
        store.read(lambda cursor: cursor.execute("SET default_order = 'DESC'"))
