"""Why a call gave no answer, told apart by what there is to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from junjo_desktop.errors import UserError


class FailureKind(StrEnum):
    """The values are told in telemetry and in JSON, and must stay stable."""

    NO_KEY = "no_key"
    WRONG_KEY = "wrong_key"
    NOT_ALLOWED = "not_allowed"
    NO_NETWORK = "no_network"
    NO_SUCH_MODEL = "no_such_model"
    RATE_LIMIT = "rate_limit"
    REFUSED_PARAMETERS = "refused_parameters"
    TOO_LONG = "too_long"
    CONTENT_FILTER = "content_filter"
    TIMEOUT = "timeout"
    PROVIDER_TROUBLE = "provider_trouble"
    CUT = "cut"
    CANCELLED = "cancelled"
    WORKER = "worker"


_SENTENCES: dict[FailureKind, tuple[str, str]] = {
    FailureKind.NO_KEY: (
        "There is no key for {provider}.",
        "Set one with `junjo-desktop providers set {provider}`, or in the environment.",
    ),
    FailureKind.WRONG_KEY: (
        "{provider} does not accept the key.",
        "Set the right one with `junjo-desktop providers set {provider}`.",
    ),
    FailureKind.NOT_ALLOWED: (
        "{provider} does not let this key use {model}.",
        "Ask for access to the model, or set another key.",
    ),
    FailureKind.NO_NETWORK: (
        "{provider} cannot be reached.",
        "Check the network and the base URL that `junjo-desktop providers list` shows; a local server must be running.",
    ),
    FailureKind.NO_SUCH_MODEL: (
        "{provider} has no model {model}.",
        "Check its name; the provider's own list has what your key may use.",
    ),
    FailureKind.RATE_LIMIT: ("{provider} takes no more requests just now.", "Wait{wait}, then try again."),
    FailureKind.REFUSED_PARAMETERS: ("{provider} refuses the request.", "Change what its message names."),
    FailureKind.TOO_LONG: (
        "The request is longer than {model} can read.",
        "Shorten it, or choose a model with a larger context.",
    ),
    FailureKind.CONTENT_FILTER: ("{provider} refuses the content.", "Change the messages."),
    FailureKind.TIMEOUT: ("{provider} did not answer in time.", "Try again, or ask for less."),
    FailureKind.PROVIDER_TROUBLE: ("{provider} failed.", "Try again in a moment; its status page may say more."),
    FailureKind.CUT: ("The answer of {provider} broke off.", "What came is kept; try again for the rest."),
    FailureKind.CANCELLED: ("The call was cancelled.", ""),
    FailureKind.WORKER: ("The process that calls models ended.", "It starts again with the next call: try again."),
}


@dataclass(frozen=True, slots=True)
class GenerationFailure:
    """What happened. `said` is the provider's own words, hostile text without secrets; "" where it said nothing.

    `retry_after_s` is how long the provider asks to wait.
    """

    kind: FailureKind
    provider: str
    model: str
    said: str = ""
    status: int | None = None
    retry_after_s: float | None = None

    @property
    def message(self) -> str:
        """What happened, to what, and what the provider says about it."""
        sentence = _SENTENCES[self.kind][0].format(provider=self.provider, model=self.model)
        return f"{sentence} It says: {self.said}" if self.said else sentence

    @property
    def hint(self) -> str:
        """What to do next; "" where there is nothing."""
        wait = f" {self.retry_after_s:g} s" if self.retry_after_s is not None else " a little"
        return _SENTENCES[self.kind][1].format(provider=self.provider, model=self.model, wait=wait)


class GenerationError(UserError):
    """A call that gave no answer, for who wants an exception."""

    def __init__(self, failure: GenerationFailure) -> None:
        super().__init__(failure.message, failure.hint)
        self.failure = failure
