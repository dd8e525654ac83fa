"""What LiteLLM itself says that calls cost: `python -m tests.telemetry.llm.litellm_costs < CALLS > COSTS`, both JSON.

A call is {model, provider, tier, input, output, cache_read, cache_write, reasoning, is_embedding}; its cost a number,
or null where LiteLLM knows none. In a process of its own: LiteLLM takes seconds to import.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"


def cost(call: dict[str, Any]) -> float | None:
    """Return what a call costs."""
    import litellm
    from litellm.types.utils import (
        CompletionTokensDetailsWrapper,
        EmbeddingResponse,
        ModelResponse,
        PromptTokensDetailsWrapper,
        Usage,
    )

    usage = Usage(
        prompt_tokens=call["input"],
        completion_tokens=call["output"],
        total_tokens=call["input"] + call["output"],
        prompt_tokens_details=PromptTokensDetailsWrapper(
            cached_tokens=call["cache_read"], cache_creation_tokens=call["cache_write"]
        ),
        completion_tokens_details=CompletionTokensDetailsWrapper(reasoning_tokens=call["reasoning"]),
        cache_read_input_tokens=call["cache_read"],
        cache_creation_input_tokens=call["cache_write"],
    )
    kind = EmbeddingResponse if call["is_embedding"] else ModelResponse
    try:
        found: float = litellm.completion_cost(
            completion_response=kind(model=call["model"], usage=usage),
            model=call["model"],
            custom_llm_provider=call["provider"],
            call_type="embedding" if call["is_embedding"] else "completion",
            service_tier=call["tier"],
        )
    except Exception:  # noqa: BLE001, RUF100 - LiteLLM raises a plain Exception for what it does not know
        return None
    return found


if __name__ == "__main__":
    import litellm as _litellm

    _litellm.suppress_debug_info = True
    print(json.dumps([cost(call) for call in json.load(sys.stdin)]))
