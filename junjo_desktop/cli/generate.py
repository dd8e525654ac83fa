"""`generate`: ask a model, and have the call stored like that of any program.

`--json` is one document: `call` (as `telemetry.llm.call_json` makes it), `text`, `reasoning`, `cost` (US dollars; null
is unknown), `cost_words`, `duration_ns`, `left_out` (settings that were not sent: `name`, `reason`), `warnings` (of a
replay), `error` (null; or `kind`, `message`, `hint`, `status`, `retry_after_s`), `trace_id` and `span_id` (null where
no app runs on the data folder, and so nothing is stored).
"""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from junjo_desktop.cli.access import connect, open_access
from junjo_desktop.cli.options import Options
from junjo_desktop.cli.output import remark, write_json, write_lines, write_text
from junjo_desktop.cli.providers import opened_providers
from junjo_desktop.cli.text import harmless
from junjo_desktop.credentials import SecretStore, open_secret_store
from junjo_desktop.errors import NotFoundError, UsageError, UserError
from junjo_desktop.generation.answer import Generation
from junjo_desktop.generation.events import TextDelta
from junjo_desktop.generation.failures import GenerationError
from junjo_desktop.generation.generator import Generator, RunningGeneration
from junjo_desktop.generation.replay import Replay, replay_of
from junjo_desktop.generation.request import GenerationRequest, GenerationSettings, JsonOutput, user_message
from junjo_desktop.generation.telling import SERVICE, SpanIds, send, span_request
from junjo_desktop.generation.worker import Worker
from junjo_desktop.paths import DataDir
from junjo_desktop.telemetry.intake import Purpose, open_ports
from junjo_desktop.telemetry.llm.call_from_json import question_from_json
from junjo_desktop.telemetry.llm.call_json import call_json
from junjo_desktop.telemetry.llm.parts import TextPart

_SETTINGS = ("temperature", "top_p", "max_tokens", "seed", "reasoning_effort", "thinking_budget")


def generate(options: Options, found: Namespace) -> int:
    """Ask, print the answer, store the call. Raises `UserError`, `GenerationError` where there is no answer."""
    replayed = SpanIds(*(one.lower() for one in found.replay)) if found.replay else None
    replay = _replay(options.data_dir, found, replayed) if replayed else Replay(_request(found))
    worker = Worker()
    try:
        secrets = open_secret_store()
        with opened_providers(options.data_dir, secrets) as access:
            made = _made(Generator(worker, access).start(replay.request), streams=found.stream and not found.json)
    finally:
        worker.close()
    ids = _stored(options.data_dir, made, replayed, secrets)
    if found.json:
        write_json(_document(made, replay, ids))
    else:
        _show(made, replay, streamed=found.stream)
    if made.failure is not None:
        raise GenerationError(made.failure)
    return 0


def _request(found: Namespace) -> GenerationRequest:
    if found.model is None or found.prompt is None:
        raise UsageError("generate needs --model and a PROMPT.", "Or name a call to make again: --replay TRACE SPAN.")
    prompt = sys.stdin.read() if found.prompt == "-" else found.prompt
    return GenerationRequest(
        found.model,
        (user_message(prompt),),
        system=(TextPart(found.system),) if found.system else (),
        settings=GenerationSettings(**{name: getattr(found, name) for name in _SETTINGS}, stop=tuple(found.stop)),
        output=_schema(found.schema) if found.schema else None,
    )


def _schema(path: str) -> JsonOutput:
    try:
        schema = orjson.loads(Path(path).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise UsageError(f"The schema {path} cannot be read ({error}).", "Name a file with a JSON schema.") from error
    if not isinstance(schema, dict):
        raise UsageError(f"The schema {path} is no JSON object.", "Name a file with a JSON schema.")
    return JsonOutput(schema)


def _replay(data_dir: DataDir, found: Namespace, ids: SpanIds) -> Replay:
    with open_access(data_dir, reads_calls=True) as access:
        answer = orjson.loads(access.query("call", {"trace_id": ids.trace_id, "span_id": ids.span_id}))
    if answer["call"] is None:
        raise NotFoundError(f"No call of a model is stored at {ids.trace_id} {ids.span_id}.", "`calls` lists them.")
    return replay_of(question_from_json(answer["call"]), found.model)


def _made(running: RunningGeneration, *, streams: bool) -> Generation:
    try:
        for event in running:
            if streams and isinstance(event, TextDelta):
                write_text([event.text])
    except KeyboardInterrupt:
        running.cancel()
        return running.result
    return running.result


def _show(made: Generation, replay: Replay, *, streamed: bool) -> None:
    for warning in replay.warnings:
        remark(f"Not as it was: {warning}")
    for one in made.left_out:
        remark(f"{one.name} was not sent. {one.reason}")
    if streamed:
        write_text(["\n"])
    elif made.text:
        write_text([made.text, "\n"])
    write_lines(harmless(f"{call.name}({call.arguments_text})") for call in made.tool_calls)
    if made.failure is None:
        usage = made.call.usage.words if made.call.usage is not None else "tokens unknown"
        cost = "unpriced" if made.cost.dollars is None else f"${made.cost.dollars:.6f}"
        remark(f"{usage}; {cost}; {made.duration_ns / 1e6:,.0f} ms")


def _document(made: Generation, replay: Replay, ids: SpanIds | None) -> dict[str, Any]:
    failure = made.failure
    call = call_json(made.call)
    place = {"trace_id": ids.trace_id if ids else None, "span_id": ids.span_id if ids else None}
    return {
        **place,
        "call": {**call, **{name: value or "" for name, value in place.items()}},
        "text": made.text,
        "reasoning": made.reasoning,
        "cost": made.cost.dollars,
        "cost_words": made.cost.words,
        "duration_ns": made.duration_ns,
        "left_out": [{"name": one.name, "reason": one.reason} for one in made.left_out],
        "warnings": list(replay.warnings),
        "error": None
        if failure is None
        else {
            "kind": str(failure.kind),
            "message": failure.message,
            "hint": failure.hint,
            "status": failure.status,
            "retry_after_s": failure.retry_after_s,
        },
    }


def _stored(data_dir: DataDir, made: Generation, replayed: SpanIds | None, secrets: SecretStore) -> SpanIds | None:
    """Send the call to the app that runs on the data folder; say where it is, None where none runs."""
    client = connect(data_dir)
    if client is None:
        return None
    with closing(client):
        report = client.report()
    ports = open_ports(report.listeners, Purpose.OTLP)
    if not ports:
        return None
    ids, request = span_request(made, replayed)
    try:
        if report.keys_required:
            _send_with_key(data_dir, secrets, request, ports[0])
        else:
            send(request, ports[0], None)
    except UserError as error:
        remark(str(error))  # the answer is there all the same
        return None
    return ids


def _send_with_key(data_dir: DataDir, secrets: SecretStore, request: Any, port: int) -> None:
    """Send with the playground's own key; one that no keyring keeps is revoked at once."""
    from junjo_desktop.receiver.api_keys import ApiKeys

    with closing(ApiKeys(data_dir.state, secrets)) as keys:
        kept = next((s for key in keys.list() if key.name == SERVICE and (s := keys.secret_of(key.id))), None)
        if kept is not None:
            send(request, port, str(kept))
            return
        made = keys.create(SERVICE)
        try:
            send(request, port, str(made.secret))
        finally:
            if made.kept_in == "memory":
                keys.revoke(made.id)
