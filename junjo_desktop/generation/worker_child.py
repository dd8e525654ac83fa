"""The child process: reads calls from its standard input, writes events to its standard output, one JSON a line.

It ends when its input does, which is also when its parent dies. What libraries print goes nowhere: it may hold secrets.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from typing import Any, BinaryIO

import orjson

OFFLINE = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_OFFLINE_MODE": "true",
    "LITELLM_MODE": "PRODUCTION",  # else it reads a .env file of the folder it runs in
    "LITELLM_LOG": "CRITICAL",
    "HF_HUB_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
}
"""What LiteLLM must find in its environment before it is imported: it fetches nothing by itself and tells nobody."""


def main() -> int:
    """Run until the input ends."""
    os.environ.update(OFFLINE)
    requests, answers = _own_pipes()
    from junjo_desktop.generation import litellm_calls

    litellm_calls.quieten()
    asyncio.run(_serve(requests, _Answers(answers)))
    return 0


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take the pipes for ourselves: a library that prints or asks finds none."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return requests, answers


class _Answers:
    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe

    def write(self, message: dict[str, Any]) -> None:
        self._pipe.write(orjson.dumps(message) + b"\n")
        self._pipe.flush()


async def _serve(requests: BinaryIO, answers: _Answers) -> None:
    loop = asyncio.get_running_loop()
    running: dict[int, asyncio.Task[None]] = {}
    answers.write({"event": "ready"})

    def take(message: dict[str, Any]) -> None:
        number = message["number"]
        if "call" in message:
            task = loop.create_task(_run(number, message["call"], answers))
            running[number] = task
            task.add_done_callback(lambda _: running.pop(number, None))
        elif number in running:
            running[number].cancel()

    def read() -> None:
        for line in requests:
            loop.call_soon_threadsafe(take, orjson.loads(line))
        # Nobody is left to answer: calls under way, and LiteLLM's own threads, are not waited for.
        os._exit(0)

    threading.Thread(target=read, name="requests", daemon=True).start()
    await asyncio.Event().wait()


async def _run(number: int, call: dict[str, Any], answers: _Answers) -> None:
    from junjo_desktop.generation.litellm_calls import events_of

    events = events_of(call)
    try:
        async for event in events:
            answers.write({"number": number, **event})
    except asyncio.CancelledError:
        await events.aclose()
        answers.write({"number": number, "event": "failed", "kind": "cancelled"})


if __name__ == "__main__":
    sys.exit(main())
