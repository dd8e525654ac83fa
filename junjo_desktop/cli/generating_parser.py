"""What can be written after `generate` and `providers`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_EXAMPLES = """\
examples:
  junjo-desktop generate --model openai/gpt-4o-mini "What is a fjord?"
  junjo-desktop generate --model my-box/llama3:8b --stream - < prompt.txt
  junjo-desktop generate --replay TRACE_ID SPAN_ID --model anthropic/claude-sonnet-4-5

The call is stored like that of any program where the window or `serve` runs on the data folder.
`python -m pydoc junjo_desktop.cli.generate` describes the JSON.
"""
_PROVIDERS = """\
examples:
  junjo-desktop providers set openai < key.txt
  junjo-desktop providers set my-box --base-url http://127.0.0.1:8080/v1
  junjo-desktop providers test anthropic

Keys are kept in the system keyring; those in the environment are used, too. Any name that is not known is a server
that speaks as OpenAI's does, at its --base-url.
"""


def add_generating(add: Callable[..., Any], commands: Any) -> None:
    """Add both commands."""
    generate = add(commands, "generate", "ask a model, and store the call", epilog=_EXAMPLES)
    generate.add_argument("prompt", metavar="PROMPT", nargs="?", help="what to ask; - reads it from stdin")
    generate.add_argument("--model", metavar="M", help="PROVIDER/MODEL; any name the provider knows")
    generate.add_argument("--system", metavar="S", help="instructions")
    generate.add_argument("--schema", metavar="FILE", help="a JSON schema that the answer must have")
    for name, kind in (("temperature", float), ("top-p", float), ("max-tokens", int), ("seed", int)):
        generate.add_argument(f"--{name}", metavar="N", type=kind)
    generate.add_argument("--stop", metavar="TEXT", action="append", default=[], help="end before this; repeatable")
    generate.add_argument("--reasoning-effort", metavar="WORD", help="none, minimal, low, medium, high …")
    generate.add_argument("--thinking-budget", metavar="N", type=int, help="tokens of reasoning")
    generate.add_argument(
        "--replay", nargs=2, metavar=("TRACE_ID", "SPAN_ID"), help="make a stored call again; --model asks another one"
    )
    generate.add_argument("--stream", action="store_true", help="print the answer as it comes")
    generate.add_argument("--json", action="store_true", help="print exactly one JSON document")
    providers = add(commands, "providers", "list, set, remove or test the providers of models", epilog=_PROVIDERS)
    actions = providers.add_subparsers(dest="action", title="actions", metavar="ACTION", required=True)
    listed = add(actions, "list", "show the providers, and where their keys come from")
    listed.add_argument("--json", action="store_true", help="print exactly one JSON document")
    changed = add(actions, "set", "set the key of a provider, read from stdin or asked for, or its address")
    changed.add_argument("--base-url", metavar="U", help="its address; without --key the key stays as it is")
    changed.add_argument("--header", metavar="NAME:VALUE", dest="headers", action="append", help="repeatable")
    changed.add_argument("--key", action="store_true", help="read the key, too, where --base-url or --header is given")
    removed = add(actions, "remove", "forget the key and the address of a provider")
    tested = add(actions, "test", "ask a provider for one word, and say what is wrong where there is no answer")
    tested.add_argument("--model", metavar="M", help="which of its models to ask")
    for action in (changed, removed, tested):
        action.add_argument("name", metavar="NAME", help="as `providers list` shows it, or a name of your own")
