"""What the attributes of a span mean: its type, its identity in Junjo, the model call it stands for."""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple

import orjson

from junjo_desktop.telemetry import conventions
from junjo_desktop.telemetry.llm.words import provider_and_model, provider_of
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

# Raise it with every change of what is read from spans (here, in `conventions`, or in what a trace adds up to): what is
# stored then counts as read by an older version until `junjo-desktop rebuild` has read it again.
# 2: odd times of one span (0, or 2^63 ns and beyond) do not count for its trace where others tell theirs.
# 3: model requests and tool calls of a Junjo agent have its runtime id; runs have rows of their own.
# 4: providers and models are spelled as `telemetry.llm` spells them; usage in more shapes; older agents of Pydantic AI.
DERIVED_VERSION = 4

JUNJO_SPAN_TYPE = "junjo.span_type"
# `junjo.id` before SDK 0.63; the last one on what an agent does: it is the agent's.
JUNJO_RUNTIME_IDS = ("junjo.executable_runtime_id", "junjo.id", "junjo.agent.runtime_id")
ERROR_TYPE = "error.type"
LOGFIRE_SPAN_TYPE = "logfire.span_type"

STATUS_ERROR = 2
EXCEPTION_EVENT = "exception"

# No context window comes near: whoever reports more reports something else.
MAX_TOKENS = 10**12
# Whole answers may hold thousands of vectors, each of them longer than its text.
_MOST_PARSED = 1 << 20


class Meaning(NamedTuple):
    """What attributes say. `reports_error` is only their part of the answer; see `is_error`."""

    span_type: str = "span"
    reports_error: bool = False
    junjo_span_type: str | None = None
    junjo_runtime_id: str | None = None
    llm_provider: str | None = None
    llm_model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


NO_MEANING = Meaning()

_KNOWN_KEYS = frozenset(
    (
        JUNJO_SPAN_TYPE,
        *JUNJO_RUNTIME_IDS,
        ERROR_TYPE,
        LOGFIRE_SPAN_TYPE,
        *conventions.KIND_KEYS,
        *(key for key, _ in conventions.KIND_BY_PRESENCE),
    )
)

# Keys whose values are few.
_WORDS = (
    JUNJO_SPAN_TYPE,
    ERROR_TYPE,
    LOGFIRE_SPAN_TYPE,
    *conventions.KIND_KEYS,
    *conventions.PROVIDER_KEYS,
    conventions.PROVIDER_AND_MODEL_KEY,
    conventions.FORMAT_KEY,
    *conventions.MODEL_KEYS,
)
_SAYINGS = 32
# A NamedTuple's own constructor takes three times as long.
_MEANING = tuple.__new__
_WORDS_SIZE = 256


def meaning_of(attributes: Attributes) -> Meaning:
    """Read attributes, as `otlp_json.read_attributes` gives them. Values of a wrong type count as absent."""
    if _KNOWN_KEYS.isdisjoint(attributes):
        return NO_MEANING
    junjo_span_type = _first_text(attributes, (JUNJO_SPAN_TYPE,))
    span_type = _span_type(attributes, junjo_span_type)
    reports_error = bool(attributes.get(ERROR_TYPE))
    runtime_id = _first_text(attributes, JUNJO_RUNTIME_IDS)
    if span_type not in conventions.MODEL_CALLS:
        return Meaning(span_type, reports_error, junjo_span_type, runtime_id)
    return Meaning(
        span_type,
        reports_error,
        junjo_span_type,
        runtime_id,
        *_provider_and_model(attributes),
        _first_tokens(attributes, conventions.INPUT_TOKENS),
        _first_tokens(attributes, conventions.OUTPUT_TOKENS),
    )


def span_type_of(attributes: Attributes) -> str:
    """Return the type alone, as `meaning_of` does."""
    return _span_type(attributes, _first_text(attributes, (JUNJO_SPAN_TYPE,)))


class Reading:
    """`meaning_of` for many attributes with the same keys: what is absent is looked for once, not for every span.

    Most of what is said is said by few words (kinds, providers, models); what they mean together is remembered.
    """

    __slots__ = ("_input_tokens", "_is_silent", "_output_tokens", "_runtime_ids", "_said_by", "_said_means")

    def __init__(self, keys: frozenset[str]) -> None:
        self._is_silent = _KNOWN_KEYS.isdisjoint(keys)
        self._runtime_ids = tuple(key for key in JUNJO_RUNTIME_IDS if key in keys)
        self._input_tokens = tuple(source for source in conventions.INPUT_TOKENS if source[0] in keys)
        self._output_tokens = tuple(source for source in conventions.OUTPUT_TOKENS if source[0] in keys)
        words = [key for key in _WORDS if key in keys]
        self._said_by = itemgetter(*words) if words else len
        self._said_means: dict[object, Meaning] = {}

    def meaning(self, attributes: Attributes) -> Meaning:
        """The same as `meaning_of`, for attributes with just these keys."""
        if self._is_silent:
            return NO_MEANING
        try:
            known = self._said_means[self._said_by(attributes)]
        except (KeyError, TypeError):
            known = self._learn(attributes)
        is_call = known[0] in conventions.MODEL_CALLS
        if not (is_call or self._runtime_ids):
            return known
        runtime_id = _first_text(attributes, self._runtime_ids) if self._runtime_ids else None
        if not is_call:
            return _MEANING(Meaning, (*known[:3], runtime_id, None, None, None, None))
        span_type, reports_error, junjo_span_type, _, provider, model, _, _ = known
        return _MEANING(
            Meaning,
            (
                span_type,
                reports_error,
                junjo_span_type,
                runtime_id,
                provider,
                model,
                _first_tokens(attributes, self._input_tokens),
                _first_tokens(attributes, self._output_tokens),
            ),
        )

    def _learn(self, attributes: Attributes) -> Meaning:
        known = meaning_of(attributes)._replace(junjo_runtime_id=None, input_tokens=None, output_tokens=None)
        said = self._said_by(attributes)
        words = said if isinstance(said, tuple) else (said,)
        if all(word is None or isinstance(word, int | float | str) for word in words) and len(str(said)) < _WORDS_SIZE:
            if len(self._said_means) >= _SAYINGS:
                self._said_means.clear()
            self._said_means[said] = known
        return known


def is_error(status_code: int, attributes_report_error: bool, has_exception_event: bool) -> bool:
    """Whether a span failed. A `junjo.hook_error` event is not one: a failing hook does not fail the run."""
    return status_code == STATUS_ERROR or attributes_report_error or has_exception_event


def _span_type(attributes: Attributes, junjo_span_type: str | None) -> str:
    if attributes.get(LOGFIRE_SPAN_TYPE) == "pending_span":
        return "pending"
    junjo = conventions.JUNJO_TYPES.get(junjo_span_type) if junjo_span_type else None
    if junjo is not None and junjo != "node":
        return junjo
    kind = _kind_by_word(attributes)
    if junjo is None:
        return kind or _kind_by_presence(attributes)
    # Some instrumentations write their model call on the span around it, which is the node's own.
    return kind if kind in conventions.MODEL_CALLS else junjo


def _kind_by_word(attributes: Attributes) -> str | None:
    for key in conventions.KIND_KEYS:
        word = attributes.get(key)
        if isinstance(word, str):
            # MLflow writes its words as JSON, with quotes.
            kind = conventions.KIND_WORDS.get(word.strip('"').lower())
            if kind is not None:
                return kind
    return None


def _kind_by_presence(attributes: Attributes) -> str:
    for key, kind in conventions.KIND_BY_PRESENCE:
        if key in attributes:
            return kind
    return NO_MEANING.span_type


def _first_text(attributes: Attributes, keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = attributes.get(key)
        if value and isinstance(value, str):
            return value
    return None


def _provider_and_model(attributes: Attributes) -> tuple[str | None, str | None]:
    named = (_bare(attributes.get(key)) for key in conventions.PROVIDER_KEYS)
    provider = next((word for word in named if word), None) or _implied_provider(attributes)
    models = (_bare(attributes.get(key)) for key in conventions.MODEL_KEYS)
    return provider_and_model(provider_of(provider), next((model for model in models if model), None))


def _implied_provider(attributes: Attributes) -> str | None:
    both = _first_text(attributes, (conventions.PROVIDER_AND_MODEL_KEY,))
    if both is not None and "/" in both:
        return both.partition("/")[0]
    wire_format = (_bare(attributes.get(conventions.FORMAT_KEY)) or "").lower()
    return wire_format if wire_format in conventions.FORMATS_OF_PROVIDERS else None


def _bare(value: Plain) -> str | None:
    """Return a word without the quotes of JSON, in which MLflow writes its own."""
    return value.strip('"') if isinstance(value, str) else None


def _first_tokens(attributes: Attributes, sources: tuple[tuple[str, str | None], ...]) -> int | None:
    for key, field in sources:
        value = attributes.get(key)
        if value is not None:
            tokens = _tokens(value if field is None else _field_of_json(value, field))
            if tokens is not None:
                return tokens
    return None


def _field_of_json(value: Plain, field: str) -> Plain:
    if isinstance(value, str):
        if len(value) > _MOST_PARSED:
            return None
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
    for name in field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _tokens(value: Plain) -> int | None:
    """Accept an int, a whole double or a decimal string; None for anything that cannot be a count of tokens."""
    if type(value) is not int:  # not isinstance: a bool is no count
        if isinstance(value, str):
            value = int(value) if value.isascii() and value.isdigit() and len(value) < 20 else None
        elif isinstance(value, float):
            value = int(value) if value.is_integer() else None
        else:
            return None
    return value if value is not None and 0 <= value <= MAX_TOKENS else None
