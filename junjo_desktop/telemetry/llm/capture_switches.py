"""What turns on the capture of messages, in each SDK that can do without, by the name of its instrumentation scope."""

from __future__ import annotations

_OTEL = (
    "Set OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=span_only and "
    "OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental where the program starts."
)
_OTEL_V2 = (
    "Set OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true where the program starts, and send its logs too."
)
_OPENINFERENCE = (
    "Unset OPENINFERENCE_HIDE_INPUTS, OPENINFERENCE_HIDE_OUTPUTS and their like, or pass "
    "TraceConfig(hide_inputs=False, hide_outputs=False)."
)
_TRACELOOP = "Set TRACELOOP_TRACE_CONTENT=true where the program starts."

SWITCHES: tuple[tuple[str, str], ...] = (
    ("opentelemetry.instrumentation.openai_v2", _OTEL_V2),
    ("opentelemetry.instrumentation.genai", _OTEL),
    ("opentelemetry.instrumentation.google_genai", _OTEL),
    ("opentelemetry.util.genai", _OTEL),
    ("openinference.instrumentation", _OPENINFERENCE),
    ("traceloop", _TRACELOOP),
    ("opentelemetry.instrumentation.", _TRACELOOP),
    ("pydantic-ai", "Pass InstrumentationSettings(include_content=True) to the agent or to instrument_all()."),
    ("logfire", "Logfire captures content unless it scrubs it: see logfire.configure(scrubbing=…)."),
    ("ai", "Set recordInputs and recordOutputs to true in experimental_telemetry."),
    ("litellm", "Set litellm.turn_off_message_logging = False, and message_logging=True of the callback."),
    ("openlit", "Pass capture_message_content=True to openlit.init()."),
    ("langsmith", "Unset LANGSMITH_HIDE_INPUTS and LANGSMITH_HIDE_OUTPUTS."),
    ("langfuse", "Pass no mask to Langfuse() and leave capture_input and capture_output on."),
    ("mlflow", "Leave mlflow.<provider>.autolog(log_traces=True) on, without a span processor that drops content."),
    (
        "strands",
        "Leave gen_ai_unredacted_attributes out of OTEL_SEMCONV_STABILITY_OPT_IN, or list all attributes there.",
    ),
    ("gcp.vertex.agent", "Set ADK_CAPTURE_MESSAGE_CONTENT_IN_SPANS=true where the program starts."),
    ("com.anthropic.sdk", "Set ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE=content where the program starts."),
    ("junjo", "Choose a payload policy that sends payloads in full: junjo.full.v1."),
)


def switch_of(scope_name: str) -> str | None:
    """Return the sentence for an instrumentation; None where it is not known."""
    for prefix, sentence in SWITCHES:
        if scope_name == prefix or (len(prefix) > len("ai") and scope_name.lower().startswith(prefix)):
            return sentence
    return None
