"""Which settings of a request a model takes; what it does not take is told, and not sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Mapped = Mapping[str, Any]
Probe = Callable[[Mapping[str, Any]], Mapped]
"""Turns settings into those of the provider. Raises `RefusedSettingError` where it does not take them."""

_REASONING = ("reasoning_effort", "thinking")
_OWN_TOP_K = frozenset(("anthropic", "gemini", "vertex_ai", "bedrock", "openrouter", "together_ai", "cohere"))
_THINKING_TOP_P = 0.95
_SPOKEN = {"thinking": "thinking_budget", "response_format": "output"}


class RefusedSettingError(Exception):
    """A provider does not take a setting; the text says why."""


@dataclass
class Fitted:
    """What is sent, and what is not with the reason. `forced` are sent though LiteLLM does not know of them."""

    sent: dict[str, Any] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    forced: list[str] = field(default_factory=list)

    def leave_out(self, name: str, reason: str) -> None:
        """Do not send a setting."""
        self.sent.pop(name, None)
        self.left_out[_SPOKEN.get(name, name)] = reason


def fitted(
    settings: Mapping[str, Any],
    *,
    provider: str,
    model: str,
    supported: Collection[str],
    is_known: bool,
    has_own_address: bool,
    probe: Probe,
) -> Fitted:
    """Return what of `settings` a model takes.

    `provider` is LiteLLM's name; `supported` what LiteLLM says of the model, which counts where the model `is_known`.
    Nothing is known of the others: what their provider's API has is sent, and their server judges.
    """
    fit = Fitted(sent=dict(settings))
    _fit_reasoning(fit, provider, model, supported, is_known=is_known)
    if "top_k" in fit.sent and provider not in _OWN_TOP_K and not (provider == "openai" and has_own_address):
        fit.leave_out("top_k", f"The API of {provider} has no top_k.")
    reasoning = {name: fit.sent[name] for name in _REASONING if name in fit.sent and name not in fit.forced}
    for name in [name for name in fit.sent if name not in fit.forced and name != "top_k"]:
        try:
            probe({**reasoning, name: fit.sent[name]})
        except RefusedSettingError as error:
            fit.leave_out(name, str(error))
            reasoning.pop(name, None)
    if provider == "anthropic":
        _fit_thinking(fit, probe)
    return fit


def _fit_reasoning(fit: Fitted, provider: str, model: str, supported: Collection[str], *, is_known: bool) -> None:
    for name in _REASONING:
        if name not in fit.sent or name in supported:
            continue
        if name == "thinking" and provider in {"openai", "azure"}:
            fit.leave_out(name, f"{provider} takes a reasoning effort, and no budget of tokens.")
        elif is_known:
            fit.leave_out(name, f"{model} is not known to reason.")
        elif name == "reasoning_effort" and provider == "anthropic":
            fit.leave_out(name, f"Nothing is known of {model}: set a thinking budget instead, which is sent as it is.")
        else:
            fit.forced.append(name)


def _fit_thinking(fit: Fitted, probe: Probe) -> None:
    """Leave out what Anthropic refuses beside thoughts."""
    told = {name: value for name, value in fit.sent.items() if name in _REASONING and name not in fit.forced}
    thinking = probe(told).get("thinking") if told else fit.sent.get("thinking")
    if not isinstance(thinking, Mapping) or thinking.get("type") not in {"enabled", "adaptive"}:
        return
    if fit.sent.get("temperature", 1) != 1:
        fit.leave_out("temperature", "With reasoning, Anthropic takes no temperature but 1.")
    if fit.sent.get("top_p", 1) < _THINKING_TOP_P:
        fit.leave_out("top_p", f"With reasoning, Anthropic takes no top_p below {_THINKING_TOP_P}.")
    if "top_k" in fit.sent:
        fit.leave_out("top_k", "With reasoning, Anthropic takes no top_k.")
    budget = thinking.get("budget_tokens") or 0
    if budget and fit.sent.get("max_tokens", budget + 1) <= budget:
        fit.leave_out("max_tokens", f"It must be larger than the {budget:,} tokens of reasoning, which it includes.")
