"""Asks models: the one way in for the command line and the playground's page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from junjo_desktop.generation.answer import AnswerBuilder, Generation
from junjo_desktop.generation.events import (
    Failed,
    Finished,
    GenerationEvent,
    ReasoningDelta,
    SettingLeftOut,
    TextDelta,
    ToolCallDelta,
    UsageTold,
)
from junjo_desktop.generation.failures import FailureKind, GenerationFailure
from junjo_desktop.generation.provider_access import Access, ProviderAccess
from junjo_desktop.generation.providers import Route
from junjo_desktop.generation.request import GenerationRequest
from junjo_desktop.generation.wire_request import call_of, wire_request
from junjo_desktop.generation.worker import PendingCall, Worker
from junjo_desktop.telemetry.llm.call import LlmCall
from junjo_desktop.telemetry.llm.prices.cost import Cost, Origin, cost_of
from junjo_desktop.telemetry.llm.prices.table import Prices, PriceTableError, price_table
from junjo_desktop.telemetry.llm.usage import Usage


class RunningGeneration:
    """A call under way: iterate over it, in one thread; then `result` has all of it. `cancel` may come from any."""

    def __init__(
        self,
        pending: PendingCall | Failed,
        route: Route,
        builder: AnswerBuilder,
        price: Callable[[LlmCall, int, int], Cost],
    ) -> None:
        self._pending = pending
        self._route = route
        self._builder = builder
        self._price = price
        self._result: Generation | None = None

    def __iter__(self) -> Iterator[GenerationEvent]:
        """Yield the events as they come; the last one is `Finished` or `Failed`."""
        for event in self._events():
            self._builder.take(event)
            if isinstance(event, Finished | Failed):
                self._result = self._builder.built(self._price)
            yield event

    @property
    def result(self) -> Generation:
        """The whole call, once the last event has come; waits for it where nobody has iterated."""
        if self._result is None:
            for _ in self:
                pass
        if self._result is None:
            raise RuntimeError("a call ended without its last event")
        return self._result

    def cancel(self) -> None:
        """End it at once; nothing happens where it has ended."""
        if isinstance(self._pending, PendingCall):
            self._pending.cancel()

    def _events(self) -> Iterator[GenerationEvent]:
        if isinstance(self._pending, Failed):
            yield self._pending
            return
        for told in self._pending:
            if told["event"] == "begun":
                self._builder.begin(time.time_ns())
                continue
            yield _event(told, self._route)


class Generator:
    """Starts calls. `own_prices` are the user's, as `cost_of` takes them. Thread-safe as its parts are."""

    def __init__(
        self,
        worker: Worker,
        providers: ProviderAccess,
        *,
        own_prices: Mapping[str, Prices] | None = None,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._worker = worker
        self._providers = providers
        self._own_prices = own_prices or {}
        self._now_ns = now_ns

    def start(self, request: GenerationRequest) -> RunningGeneration:
        """Send a request. Blocks as the keyring does. Raises `UsageError` where no provider is named or known."""
        route = self._providers.route(request.model)
        access = self._providers.access_to(route.provider)
        builder = AnswerBuilder(call_of(request, route, _server_address(access)), self._now_ns(), time.perf_counter_ns)
        return RunningGeneration(self._sent(request, route, access), route, builder, self._cost)

    def _sent(self, request: GenerationRequest, route: Route, access: Access) -> PendingCall | Failed:
        if access.key is None and route.provider.needs_key:
            return Failed(GenerationFailure(FailureKind.NO_KEY, route.provider.name, route.model))
        return self._worker.run(wire_request(request, route, access))

    def _cost(self, call: LlmCall, start_ns: int, duration_ns: int) -> Cost:
        try:
            table = price_table()
        except PriceTableError as error:
            return Cost(None, Origin.UNKNOWN, str(error))
        return cost_of(call, table, own_prices=self._own_prices, start_ns=start_ns, duration_ns=duration_ns)


def _server_address(access: Access) -> str | None:
    try:
        return urlsplit(access.base_url or "").hostname
    except ValueError:
        return None


def _event(told: dict[str, Any], route: Route) -> GenerationEvent:  # noqa: PLR0911 - one return for each kind of event
    match told["event"]:
        case "left_out":
            return SettingLeftOut(told["name"], told["reason"])
        case "text":
            return TextDelta(told["text"])
        case "reasoning":
            return ReasoningDelta(told["text"])
        case "tool_call":
            return ToolCallDelta(told["index"], told["id"], told["name"], told["arguments"])
        case "usage":
            return UsageTold(Usage(**{name: told.get(name) for name in Usage.__slots__}))
        case "finished":
            return Finished(told["finish_reason"], told["response_model"], told["response_id"])
    return Failed(
        GenerationFailure(
            FailureKind(told["kind"]),
            route.provider.name,
            route.model,
            told.get("said", ""),
            told.get("status"),
            told.get("retry_after_s"),
        )
    )
