"""Whereto a span calls, as far as its attributes tell: a model provider, a database, a queue, a host. Free of SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from junjo_desktop.store.service_map import NodeKey, NodeKind

PEER = "peer.service"
PROVIDERS = ("gen_ai.provider.name", "gen_ai.system")
DATABASES = ("db.system.name", "db.system")
QUEUES = ("messaging.destination.name", "messaging.destination", "messaging.system")
HOSTS = ("server.address", "net.peer.name", "http.host", "net.peer.ip", "network.peer.address")
ADDRESSES = ("url.full", "http.url")
"""Their host is meant, and nothing else of them: every call may have another."""

KEYS: Sequence[str] = (PEER, *PROVIDERS, *DATABASES, *QUEUES, *HOSTS)
"""What `target_of` asks for, in this order; the host of an address comes last."""

BETWEEN = " · "
"""Between the system of a database and where it is."""
LONGEST = 200
"""Characters of a name; what is longer is cut."""


def target_of(values: Sequence[str | None], provider: str | None) -> NodeKey | None:
    """Return what is called, None when nothing says so. `values` are those of `KEYS`, and the host of an address."""
    told: Mapping[str, str] = {
        key: text[:LONGEST] for key, value in zip((*KEYS, "address"), values, strict=True) if (text := _text(value))
    }
    provider = _text(provider) or _first(told, PROVIDERS)
    if provider:
        return NodeKey(NodeKind.MODEL, provider[:LONGEST])
    if database := _first(told, DATABASES):
        return NodeKey(NodeKind.DATABASE, _with_place(database, told))
    if queue := _first(told, QUEUES):
        return NodeKey(NodeKind.MESSAGES, queue)
    if peer := told.get(PEER):
        return NodeKey(NodeKind.HOST, peer)
    if host := _first(told, (*HOSTS, "address")):
        return NodeKey(NodeKind.HOST, host)
    return None


def _with_place(system: str, told: Mapping[str, str]) -> str:
    place = told.get(PEER) or _first(told, HOSTS)
    return f"{system}{BETWEEN}{place}" if place else system


def _first(told: Mapping[str, str], keys: Sequence[str]) -> str:
    return next((told[key] for key in keys if key in told), "")


def _text(value: str | None) -> str:
    return (value or "").strip()
