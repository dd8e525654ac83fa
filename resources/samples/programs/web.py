"""The services behind the assistant: HTTP between them, and PostgreSQL behind the stock."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry._logs import SeverityNumber
from opentelemetry.propagate import extract, inject
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.util.types import AnyValue

from resources.samples.programs.day import Day, Service

Order = dict[str, str | int | None]

ORDERS: dict[int, Order] = {
    number: {"id": number, "status": status, "carrier": carrier, "eta": eta, "item": item, "price": price}
    for number, status, carrier, eta, item, price in (
        (1031, "delivered", "DHL", None, "Blue kettle", "49.90"),
        (1042, "in_transit", "DHL", "2026-11-22", "Alpina kettle", "64.00"),
        (1077, "packed", None, "2026-11-25", "Teapot, 1 l", "38.50"),
        (1090, "delivered", "DHL", None, "Enamel pot", "27.00"),
    )
}


class HttpError(Exception):
    """The other service answered with an error."""


class Inventory:
    """`inventory-api`, two instances of different versions, each with its connection to PostgreSQL."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._turn = 0
        self._instances = tuple(
            day.service(
                "inventory-api", version, f"inventory-{pod}", host__name=host, k8s__pod__name=f"inventory-{pod}"
            )
            for version, pod, host in (("3.1.0", "6c9f4-x2x8q", "node-a"), ("3.2.0-rc1", "7f5d8-kq4mz", "node-b"))
        )

    async def order(self, tracer: Tracer, number: int) -> Order:
        """GET an order, from the instance whose turn it is."""
        self._turn += 1
        service = self._instances[self._turn % 2]
        with _request(tracer, "GET", "inventory-api", f"/orders/{number}") as (client, headers):
            with _handled(service, "GET", "/orders/{id}", headers) as server:
                await self._query(service, "SELECT * FROM orders WHERE id = $1", "orders", 0.012)
                # The slow way on purpose: one query a parcel, which the older version still does.
                for _ in range(1 if self._turn % 2 else 6):
                    await self._query(service, "SELECT state, at FROM parcels WHERE order_id = $1", "parcels", 0.019)
                server.set_attribute("http.response.status_code", 200)
                service.log(SeverityNumber.INFO, f"order {number} read", **{"order.id": number})
            client.set_attribute("http.response.status_code", 200)
        return ORDERS[number]

    async def _query(self, service: Service, text: str, table: str, seconds: float) -> None:
        attributes: dict[str, AnyValue] = {
            "db.system.name": "postgresql",
            "db.namespace": "shop",
            "db.collection.name": table,
            "db.operation.name": "SELECT",
            "db.query.text": text,
            "server.address": "postgres",
            "server.port": 5432,
        }
        with service.tracer.start_as_current_span(f"SELECT {table}", kind=SpanKind.CLIENT, attributes=attributes):
            await self._day.work(seconds)


class Policies:
    """`policy-service`: says whether a refund is within the rules. Sometimes it is down."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._service = day.service("policy-service", "0.9.4", "policy-1", host__name="node-c")
        self._unseen = day.service("edge-proxy", "2.0.0", "proxy-1", sends=False)

    async def check(self, tracer: Tracer, refund: dict[str, str | float], *, down: bool) -> str:
        """POST a refund to be judged. Raises `HttpError`."""
        with _request(tracer, "POST", "policy-service", "/policy/check") as (client, headers):
            # A proxy that passes the context on and never sends its own span: the next one's parent is missing.
            with _handled(self._unseen, "POST", "/*", headers):
                passed: dict[str, str] = {}
                inject(passed)
            with _handled(self._service, "POST", "/policy/check", passed) as server:
                await self._day.work(0.18 if not down else 0.54)
                status = 503 if down else 200
                server.set_attribute("http.response.status_code", status)
                if down:
                    server.set_attribute("error.type", "503")
                    server.set_status(Status(StatusCode.ERROR))
                    self._service.log(
                        SeverityNumber.ERROR,
                        "rules cannot be loaded: connection to postgres:5432 refused",
                        **{"error.type": "ConnectionRefusedError", "refund": json.dumps(refund)},
                    )
            client.set_attribute("http.response.status_code", status)
            if down:
                client.set_attribute("error.type", "503")
                raise HttpError("POST http://policy-service/policy/check answered 503 Service Unavailable")
        return "within policy"


@contextmanager
def _request(tracer: Tracer, method: str, host: str, path: str) -> Iterator[tuple[Span, dict[str, str]]]:
    attributes: dict[str, AnyValue] = {
        "http.request.method": method,
        "url.full": f"http://{host}{path}",
        "server.address": host,
        "server.port": 80,
    }
    with tracer.start_as_current_span(method, kind=SpanKind.CLIENT, attributes=attributes) as span:
        headers: dict[str, str] = {}
        inject(headers)
        yield span, headers


@contextmanager
def _handled(service: Service, method: str, route: str, headers: dict[str, str]) -> Iterator[Span]:
    attributes = {
        "http.request.method": method,
        "http.route": route,
        "url.scheme": "http",
        "network.protocol.version": "1.1",
    }
    with service.tracer.start_as_current_span(
        f"{method} {route}", context=extract(headers), kind=SpanKind.SERVER, attributes=attributes
    ) as span:
        yield span
