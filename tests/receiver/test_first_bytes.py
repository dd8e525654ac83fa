"""What a connection speaks is known from its first bytes, however they are cut into pieces."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from junjo_desktop.receiver.first_bytes import MOST_BYTES, PREFACE, Known, WrongProtocol, recognise
from junjo_desktop.telemetry.intake import RefusalReason

_CLIENT_HELLO = bytes.fromhex("1603010200010001fc0303")


def _reason(head: bytes, *, is_all: bool = False) -> RefusalReason | Known:
    found = recognise(head, is_all=is_all)
    return found.reason if isinstance(found, WrongProtocol) else found


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (PREFACE, Known.HTTP2),
        (PREFACE + b"\x00\x00\x12\x04", Known.HTTP2),
        (_CLIENT_HELLO, RefusalReason.TLS),
        (b"\x16\x03", RefusalReason.TLS),
        (b"GET / HTTP/1.1\r\n", RefusalReason.HTTP1),
        (b"POST /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n", RefusalReason.HTTP1),
        (b"DELETE " + b"x" * MOST_BYTES, RefusalReason.HTTP1),
        (b"SSH-2.0-OpenSSH", RefusalReason.NOT_HTTP2),
        (b"\x16\x04", RefusalReason.NOT_HTTP2),
        (b"PRI * HTTP/3", RefusalReason.NOT_HTTP2),
        (b"get / HTTP/1.1\r\n", RefusalReason.NOT_HTTP2),
        (b"\x00", RefusalReason.NOT_HTTP2),
    ],
)
def test_protocols_are_told_apart(head: bytes, expected: RefusalReason | Known) -> None:
    assert _reason(head) is expected


@pytest.mark.parametrize(
    "whole", [PREFACE, _CLIENT_HELLO[:2], b"POST /v1/traces HTTP/1.1\r\n", b"OPTIONS * HTTP/1.1\n"]
)
def test_a_beginning_is_unclear_until_it_is_complete(whole: bytes) -> None:
    for length in range(len(whole)):
        assert recognise(whole[:length]) is Known.UNCLEAR
    assert recognise(whole) is not Known.UNCLEAR


@pytest.mark.parametrize("head", [PREFACE[:-1], b"P", b"\x16", b"POST"])
def test_a_beginning_that_stays_incomplete_is_not_http2(head: bytes) -> None:
    assert _reason(head, is_all=True) is RefusalReason.NOT_HTTP2


@given(head=st.binary(min_size=1, max_size=300))
@example(head=b"GET " + b"\xff" * 100)
def test_any_bytes_are_judged(head: bytes) -> None:
    for is_all in (False, True):
        found = recognise(head, is_all=is_all)
        if isinstance(found, WrongProtocol):
            assert found.detail.isprintable()
            assert found.hint
    assert recognise(head, is_all=True) is not Known.UNCLEAR


def test_a_secret_in_a_query_is_not_shown() -> None:
    found = recognise(b"POST /v1/traces?key=hunter2 HTTP/1.1\r\n")
    assert isinstance(found, WrongProtocol)
    assert "/v1/traces" in found.detail
    assert "hunter2" not in found.detail + found.hint
