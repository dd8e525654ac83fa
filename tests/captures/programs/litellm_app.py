"""A program on LiteLLM."""

from __future__ import annotations

from typing import Any

from tests.captures.programs import openai_app
from tests.support.provider.script import HELLO, SYSTEM, TEXTS

SCENARIOS = (*openai_app.SCENARIOS, "anthropic")


class _Client:
    """LiteLLM's functions under the names of OpenAI's client."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def chat(self) -> _Client:
        """The chat."""
        return self

    @property
    def completions(self) -> _Client:
        """Its completions."""
        return self

    def create(self, *, model: str, **asked: Any) -> Any:
        """Ask for a completion."""
        import litellm

        return litellm.completion(model=f"openai/{model}", api_base=self._url, api_key="none", num_retries=0, **asked)


def scenario(url: str, name: str) -> None:
    """Run one scenario against a provider."""
    import litellm

    if name == "embedding":
        litellm.embedding(
            model="openai/text-embedding-3-small",
            input=list(TEXTS),
            api_base=f"{url}/v1",
            api_key="none",
            encoding_format="float",
        )
    elif name == "anthropic":
        messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": HELLO}]
        litellm.completion(
            model="anthropic/claude-sonnet-4-5", messages=messages, api_base=url, api_key="none", max_tokens=100
        )
    else:
        openai_app.scenario(_Client(f"{url}/v1"), name)
