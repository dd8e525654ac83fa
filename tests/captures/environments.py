"""The environments that captures are made in: one for each instrumentation, so that none sees another's spans."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from pathlib import Path

EXPORTER = ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-grpc")
_INSTALL_TIMEOUT_S = 1800

PACKAGES: dict[str, tuple[str, ...]] = {
    "otel-openai-v2": ("opentelemetry-instrumentation-openai-v2==2.3b0", "openai<2.10", "wrapt<2"),
    "otel-genai-openai": ("opentelemetry-instrumentation-genai-openai==1.3b0", "openai"),
    "otel-genai-anthropic": ("opentelemetry-instrumentation-genai-anthropic==1.3b0", "anthropic"),
    "anthropic-sdk": ("anthropic",),
    "openinference-openai": ("openinference-instrumentation-openai==0.1.66", "openai"),
    "openinference-anthropic": ("openinference-instrumentation-anthropic", "anthropic"),
    "traceloop-openai": ("opentelemetry-instrumentation-openai==0.62.4", "openai"),
    "traceloop-anthropic": ("opentelemetry-instrumentation-anthropic==0.62.4", "anthropic"),
    "pydantic-ai": ("pydantic-ai-slim[openai,anthropic]==2.68.0",),
    "openinference-langchain": ("openinference-instrumentation-langchain", "langchain-openai", "langchain"),
    "traceloop-langchain": ("opentelemetry-instrumentation-langchain==0.62.4", "langchain-openai", "langchain"),
    "litellm-callback": ("litellm==1.106.2", "mcp"),
    "openinference-litellm": ("openinference-instrumentation-litellm==0.1.51", "litellm==1.106.2", "mcp"),
    "openinference-openai-agents": ("openinference-instrumentation-openai-agents", "openai-agents==0.24.0"),
    "otel-genai-openai-agents": (
        "opentelemetry-instrumentation-genai-openai-agents==1.3b0",
        "opentelemetry-instrumentation-genai-openai==1.3b0",
        "openai-agents==0.24.0",
    ),
    "logfire-openai": ("logfire[httpx]", "openai"),
    "openlit-openai": ("openlit==1.45.0", "openai"),
    "traceloop-openai-0.40": ("opentelemetry-instrumentation-openai==0.40.14", "openai"),
    "pydantic-ai-0.8": (
        "pydantic-ai-slim[openai]==0.8.1",
        "openai<2",
        "opentelemetry-sdk==1.37.0",
        "opentelemetry-exporter-otlp-proto-grpc==1.37.0",
    ),
    "langsmith": ("langsmith[otel]", "langchain-openai", "langchain"),
    "langfuse": ("langfuse", "openai"),
    "mlflow": ("mlflow-tracing", "openai"),
    "strands": ("strands-agents[openai]",),
    "smolagents": ("openinference-instrumentation-smolagents", "smolagents[openai]"),
    "google-adk": ("google-adk", "litellm"),
}
"""What pip is asked for. Versions are pinned where two of one package differ in their convention."""

NODE_PACKAGES: dict[str, tuple[str, ...]] = {
    "vercel-ai": (
        "ai@6.0.326",
        "@ai-sdk/openai@3.0.141",
        "@opentelemetry/api@1",
        "@opentelemetry/exporter-trace-otlp-grpc",
        "@opentelemetry/resources",
        "@opentelemetry/sdk-trace-node",
        "zod",
    ),
}
"""What npm is asked for; Node and npm must be there."""


def node_environment_of(name: str, cache: Path) -> Path:
    """Return the folder of an environment for Node, made when it is not there yet."""
    folder = cache / name
    if not (folder / "node_modules").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        npm = shutil.which("npm")
        if npm is None:
            raise FileNotFoundError("npm")
        asked = ("install", "--no-audit", "--no-fund", *NODE_PACKAGES[name])
        subprocess.run([npm, *asked], check=True, cwd=folder, timeout=_INSTALL_TIMEOUT_S)
    return folder


def environment_of(name: str, cache: Path) -> Path:
    """Return the Python of an environment, made when it is not there yet; what was installed is in `versions.txt`."""
    folder = cache / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    versions = folder / "versions.txt"
    if not versions.is_file():
        venv.create(folder, with_pip=True, clear=True)
        asked = ("-m", "pip", "install", "--quiet", *PACKAGES[name], *EXPORTER)
        subprocess.run([str(python), *asked], check=True, timeout=_INSTALL_TIMEOUT_S)
        frozen = subprocess.run([str(python), "-m", "pip", "freeze"], check=True, capture_output=True, text=True)
        versions.write_text(frozen.stdout, encoding="utf-8")
    return python
