"""What goes wrong with providers, chosen by the model that is asked for (or by the question `script.BUSY`).

fault-busy          429, with retry-after, as too many requests are answered
fault-unauthorised  401, as a key that is not known
fault-too-long      400, as a prompt beyond the context window
fault-broken        500
fault-overloaded    529 (Anthropic's) or 503
fault-garbage       200 with a body that is no JSON
fault-cut           the connection closes in the middle of the answer
fault-silent        the answer begins and never goes on, until the asker gives up
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.provider.script import BUSY, Ask

CUT, SILENT, GARBAGE = "fault-cut", "fault-silent", "fault-garbage"


@dataclass(frozen=True)
class Fault:
    """An answer that is an error. `type` and `message` are the provider's words."""

    status: int
    type: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()

    def body(self, provider: str) -> dict[str, Any]:
        """Write it as the provider does."""
        if provider == "anthropic":
            return {"type": "error", "error": {"type": self.type, "message": self.message}}
        if provider == "gcp.gemini":
            return {"error": {"code": self.status, "message": self.message, "status": self.type.upper()}}
        code = "context_length_exceeded" if self.status == 400 else self.type
        return {"error": {"message": self.message, "type": self.type, "param": None, "code": code}}


_FAULTS = {
    "fault-busy": Fault(
        429,
        "rate_limit_error",
        "Rate limit reached: try again in 20s.",
        (("retry-after", "20"), ("retry-after-ms", "20000"), ("x-should-retry", "false")),
    ),
    "fault-unauthorised": Fault(401, "authentication_error", "Incorrect API key provided: sk-no****key."),
    "fault-too-long": Fault(400, "invalid_request_error", "This model's maximum context length is 128000 tokens."),
    "fault-broken": Fault(500, "server_error", "The server had an error while processing your request."),
    "fault-overloaded": Fault(529, "overloaded_error", "Overloaded"),
}


def fault_of(ask: Ask) -> Fault | None:
    """Return the error that a request is answered with; None where there is an answer, whole or cut."""
    if ask.last_user_text == BUSY:
        return _FAULTS["fault-busy"]
    return _FAULTS.get(ask.model.rpartition("/")[2])
