"""Reading spans quickly makes the same rows as reading each whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan

from junjo_desktop.telemetry import decode_attributes
from junjo_desktop.telemetry.columns import LOG_COLUMNS, SPAN_COLUMNS, Row
from junjo_desktop.telemetry.decode import DecodedBatch, decode, decode_in_portions
from junjo_desktop.telemetry.decode_origin import (
    Origin,
    resource_id,
    resource_row,
    scope_id,
    scope_row,
    service_name_of,
)
from junjo_desktop.telemetry.decode_span import span_row
from junjo_desktop.telemetry.intake import IntakeEntry, Signal
from junjo_desktop.telemetry.validity import span_problem
from junjo_desktop.telemetry.wire_text import TEXT_HEADS, text_head, varint
from tests.support import otlp
from tests.support.otlp_strategies import (
    MEANINGFUL_KEYS,
    any_ids,
    any_values,
    attributes,
    doubles,
    events,
    int64s,
    span_ids,
    spans,
    statuses,
    texts,
    trace_ids,
    trace_requests,
    uint32s,
)
from tests.telemetry.stored import PATIENT, RECEIVED_NS, SEQ


def read_whole(body: bytes) -> DecodedBatch:
    """What `decode` must give: every message parsed by OpenTelemetry's own classes, every span read by itself."""
    batch = DecodedBatch()
    for group in ExportTraceServiceRequest.FromString(body).resource_spans:
        resource = group.resource if group.HasField("resource") else None
        of_resource = resource_id(resource, group.schema_url)
        batch.resources[of_resource] = resource_row(of_resource, resource, group.schema_url)
        for scope_group in group.scope_spans:
            scope = scope_group.scope if scope_group.HasField("scope") else None
            of_scope = scope_id(scope, scope_group.schema_url)
            batch.scopes[of_scope] = scope_row(of_scope, scope, scope_group.schema_url)
            origin = Origin(service_name_of(resource), of_resource, of_scope, RECEIVED_NS, SEQ)
            batch.spans.extend(span_row(span, origin) for span in scope_group.spans if span_problem(span) is None)
    return batch


def entry(body: bytes, signal: Signal = Signal.TRACES) -> IntakeEntry:
    return IntakeEntry(SEQ, signal, RECEIVED_NS, body)


def assert_same(body: bytes) -> None:
    read = decode(entry(body))
    assert read == read_whole(body)
    assert all(_types(row) == _types(exact) for row, exact in zip(read.spans, read_whole(body).spans, strict=True))


def _types(row: Row) -> list[type]:
    return [type(value) for value in row]


def _span(key_values: Sequence[KeyValue]) -> OtlpSpan:
    span = otlp.span()
    span.attributes.extend(key_values)
    return span


def _body(*contents: Sequence[KeyValue]) -> bytes:
    return otlp.trace_request(*map(_span, contents)).SerializeToString()


def _raw_body(*attributes_: bytes) -> bytes:
    """A request of one span with attributes that no SDK would write so."""
    request = otlp.trace_request(otlp.span())
    span = request.resource_spans[0].scope_spans[0].spans[0].SerializeToString()
    span += b"".join(b"\x4a" + varint(len(raw)) + raw for raw in attributes_)
    scope_spans = b"\x12" + varint(len(span)) + span
    group = request.resource_spans[0].resource.SerializeToString()
    group = b"\x0a" + varint(len(group)) + group + b"\x12" + varint(len(scope_spans)) + scope_spans
    return b"\x0a" + varint(len(group)) + group


# What the quick way takes: no links, nothing dropped, times and ids as they should be.
_usual_spans = st.builds(
    OtlpSpan,
    trace_id=trace_ids,
    span_id=span_ids,
    parent_span_id=st.one_of(st.just(b""), span_ids),
    flags=uint32s,
    name=texts(),
    kind=st.integers(0, 5).map(lambda kind: cast("OtlpSpan.SpanKind.ValueType", kind)),
    start_time_unix_nano=st.integers(0, 2**63 - 1),
    end_time_unix_nano=st.integers(0, 2**63 - 1),
    attributes=attributes,
    events=st.lists(events, max_size=3),
    status=st.one_of(st.none(), statuses),
)


@PATIENT
@given(trace_requests(st.one_of(spans(), spans(id_=any_ids), _usual_spans)))
def test_any_request_is_read_as_if_every_span_was_read_whole(request: ExportTraceServiceRequest) -> None:
    assert_same(request.SerializeToString())


# Values as most are, so that spans take the quick way; and keys in few orders, so that they meet again.
_usual_values = st.one_of(
    texts(300).map(lambda value: AnyValue(string_value=value)),
    st.one_of(st.integers(0, 20_000), int64s).map(lambda value: AnyValue(int_value=value)),
    doubles.map(lambda value: AnyValue(double_value=value)),
    st.booleans().map(lambda value: AnyValue(bool_value=value)),
    st.lists(doubles.map(lambda value: AnyValue(double_value=value)), max_size=14).map(
        lambda items: AnyValue(array_value=ArrayValue(values=items))
    ),
    any_values,
)
_orders = st.lists(st.sampled_from(MEANINGFUL_KEYS), min_size=1, max_size=6, unique=True)
_same_keys = _orders.flatmap(
    lambda keys: st.lists(
        st.tuples(*(st.builds(KeyValue, key=st.just(key), value=_usual_values) for key in keys)), min_size=1, max_size=5
    )
)


@PATIENT
@given(_same_keys, attributes)
def test_spans_with_the_same_keys_are_read_like_lone_ones(
    contents: list[tuple[KeyValue, ...]], others: list[KeyValue]
) -> None:
    assert_same(_body(*contents, others, contents[0]))


@PATIENT
@given(st.lists(st.sampled_from(MEANINGFUL_KEYS), max_size=70), texts(40))
def test_many_attributes_and_duplicate_keys_are_kept(keys: list[str], text: str) -> None:
    assert_same(_body([KeyValue(key=key, value=AnyValue(string_value=text)) for key in keys]))


@pytest.mark.parametrize("size", [0, 1, 123, 124, 125, 126, 127, 128, 16_378, 16_380, 16_381, 16_384, 70_000])
@pytest.mark.parametrize("character", ["a", "é", '"', "\n"])
def test_texts_of_any_length_are_read(size: int, character: str) -> None:
    text = AnyValue(string_value=character * size)
    assert_same(_body([KeyValue(key="a", value=text), KeyValue(key="b" * size, value=text)]))


@given(st.integers(0, 40_000))
def test_the_head_of_a_text_is_what_protobuf_writes(size: int) -> None:
    written = KeyValue(key="a", value=AnyValue(string_value="x" * size)).SerializeToString()[4:]
    head, head_size = text_head(len(written))
    assert written == head + b"x" * size
    assert head_size == len(head)


def test_the_heads_at_hand_are_those_of_their_sizes() -> None:
    assert [text_head(size) for size in range(len(TEXT_HEADS))] == TEXT_HEADS


_PAIR = KeyValue(key="a", value=AnyValue(string_value="x")).SerializeToString()
_OTHER_KEY = KeyValue(key="b").SerializeToString()
_VALUE = b"\x12\x03\x0a\x01y"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x0a\x00",
        _VALUE,
        _PAIR + _OTHER_KEY,
        _PAIR + _VALUE,
        _PAIR + b"\x18\x05",
        _PAIR + b"\x7a\x01z",
        b"\x0a\x00" + _VALUE,
        b"\x0a\x00" + _VALUE + b"\x18\x05",
        b"\x0a\x81\x00a" + _VALUE,
        _VALUE + b"\x0a\x01a",
        b"\x0a\x01a\x12\x00",
        b"\x0a\x01a\x12\x05\x0a\x01x\x18\x05",
        b"\x0a\x01a\x12\x05\x18\x05\x0a\x01x",
        b"\x0a\x01a\x12\x06\x0a\x01x\x0a\x01y",
        b"\x0a\x01a\x12\x04\x0a\x81\x00x",
        b"\x0a\x01a\x12\x83\x00\x0a\x01x",
        b"\x0a\x01a\x12\x03\x18\x81\x00",
        b"\x0a\x01a\x12\x04\x18\x05\x18\x06",
        b"\x0a\x01a\x12\x02\x18\x05\x12\x02\x18\x06",
        b"\x0a\x01a\x12\x02\x10\x02",
        b"\x0a\x01a\x12\x03\x7a\x01z",
    ],
)
def test_ways_of_writing_that_no_sdk_has_are_read_exactly(raw: bytes) -> None:
    usual = KeyValue(key="a", value=AnyValue(string_value="x")).SerializeToString()
    last = KeyValue(key="b", value=AnyValue(int_value=7)).SerializeToString()
    for attributes_ in ([raw], [usual, last], [raw, last], [usual, raw], [raw, raw]):
        assert_same(_raw_body(*attributes_))


@pytest.mark.parametrize(
    "raw",
    [
        b"\x0a",
        b"\x0a\x05a",
        b"\x0a\x01\xff" + _VALUE,
        b"\x0a\x01a\x12\x03\x0a\x01\xff",
        b"\x0a\x01a\x12\x05\x0a\x01x",
        b"\x0a\x01a\x12\x03\x0a\x02x",
        b"\x0a\x01a\x12\x09\x21\x00\x00",
        b"\x0a\x01a\x12",
        b"\x0a\x01a\x12\x02\x18\xff",
    ],
)
def test_malformed_attributes_are_an_error(raw: bytes) -> None:
    for attributes_ in ([raw], [_PAIR, raw], [_PAIR, _PAIR[:-1] + b"z", raw]):
        body = _raw_body(*attributes_)
        with pytest.raises(DecodeError):
            read_whole(body)
        with pytest.raises(DecodeError):
            decode(entry(body))


_WHOLE = otlp.trace_request(
    otlp.span("a", attributes={"gen_ai.operation.name": "chat", "text": "x" * 200, "n": 300, "score": 0.5}),
    otlp.span("b", attributes={"gen_ai.operation.name": "chat", "text": "y", "n": 7, "score": 0.25}, error="no"),
    otlp.span("c", parent=otlp.span_id(), attributes={"ok": True, "stops": ["end"], "vector": [0.5, 0.25]}),
).SerializeToString()


def _outcome(read: Callable[[], DecodedBatch]) -> DecodedBatch | str:
    try:
        return read()
    except DecodeError:
        return "malformed"


@settings(PATIENT, max_examples=400)
@given(st.integers(0, len(_WHOLE) - 1), st.integers(0, 3), st.binary(max_size=3))
def test_a_damaged_request_is_read_alike_or_malformed_for_both(place: int, lost: int, put: bytes) -> None:
    damaged = _WHOLE[:place] + put + _WHOLE[place + lost :]
    assert _outcome(lambda: decode(entry(damaged))) == _outcome(lambda: read_whole(damaged))


def test_a_status_in_parts_is_one_status() -> None:
    request = otlp.trace_request(otlp.span())
    span = request.resource_spans[0].scope_spans[0].spans[0]
    parts = b"\x7a\x02\x18\x02" + b"\x7a\x03\x12\x01m"
    raw = span.SerializeToString() + parts
    scope_spans = b"\x12" + varint(len(raw)) + raw
    group = b"\x12" + varint(len(scope_spans)) + scope_spans
    assert_same(b"\x0a" + varint(len(group)) + group)


def test_a_resource_and_a_scope_in_parts_are_one_each() -> None:
    span = b"\x12" + varint(len(raw := otlp.span().SerializeToString())) + raw
    scopes = [InstrumentationScope(name="n").SerializeToString(), InstrumentationScope(version="2").SerializeToString()]
    scope = b"".join(b"\x0a" + varint(len(part)) + part for part in scopes)
    resources = [Resource(attributes=otlp.key_values({key: "x"})).SerializeToString() for key in ("a", "service.name")]
    resource = b"".join(b"\x0a" + varint(len(part)) + part for part in resources)
    scope_spans = scope + span
    group = resource + b"\x12" + varint(len(scope_spans)) + scope_spans
    assert_same(b"\x0a" + varint(len(group)) + group)


def test_what_forms_remember_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode_attributes, "_forms", forms := decode_attributes._Forms())
    monkeypatch.setattr(decode_attributes, "_REMEMBERED_ATTRIBUTES", 20)
    for number in range(100):
        assert_same(_body(otlp.key_values({f"key {number}": "x", "other": number})))
        assert 0 < len(forms) <= 11


def test_forms_that_begin_alike_are_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode_attributes, "_forms", forms := decode_attributes._Forms())
    contents = [otlp.key_values({"a": number, f"b{number % 7}": "x"}) for number in range(30)]
    assert_same(_body(*contents))
    form = next(iter(forms.values())).other
    assert form is not None
    assert form.other is not None
    assert form.other.other is not None
    assert form.other.other.other is None


def test_portions_are_the_whole_request_and_no_larger_than_asked() -> None:
    request = otlp.trace_request(
        *(otlp.span(f"step {number}", attributes={"text": "x" * 900}) for number in range(3000))
    )
    for other in range(3):
        request.resource_spans.add().CopyFrom(
            otlp.trace_request(otlp.span(), service=f"other {other}").resource_spans[0]
        )
    request.resource_spans.add(schema_url="no spans")
    body = request.SerializeToString()
    portions = list(decode_in_portions(entry(body), 1_000))
    assert len(portions) > 2
    assert all(portion.row_count < 1_000 + 256 for portion in portions)
    whole = read_whole(body)
    assert [row for portion in portions for row in portion.spans] == whole.spans
    assert {id_: row for portion in portions for id_, row in portion.resources.items()} == whole.resources
    assert {id_: row for portion in portions for id_, row in portion.scopes.items()} == whole.scopes
    for portion in portions:
        assert {row[SPAN_COLUMNS.index("resource_id")] for row in portion.spans} <= set(portion.resources)
        assert {row[SPAN_COLUMNS.index("scope_id")] for row in portion.spans} <= set(portion.scopes)


def test_log_records_come_in_portions_too() -> None:
    records = [f"{number} " + "x" * 900 for number in range(2_000)]
    body = otlp.logs_request(*records).SerializeToString()
    portions = list(decode_in_portions(entry(body, Signal.LOGS), 500))
    assert len(portions) > 3
    assert [row[LOG_COLUMNS.index("body_text")] for portion in portions for row in portion.logs] == records
    assert decode(entry(body, Signal.LOGS)).logs == [row for portion in portions for row in portion.logs]


def test_a_batch_without_its_first_rows() -> None:
    batch = decode(entry(otlp.trace_request(otlp.span(), otlp.span(), otlp.span()).SerializeToString()))
    assert batch.without_first(2).spans == batch.spans[2:]
    assert batch.without_first(2).row_count == 1
    assert batch.without_first(2).resources == batch.resources
    assert batch.without_first(0) is batch
