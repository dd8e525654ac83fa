"""JSON Patches (RFC 6902) on documents that share structure.

A document is never changed: the containers along the path of an operation are copied, the rest is shared with the
version before, and `jsonpatch` then works in place on the copies. Values of a patch become parts of documents as they
are, so `jsonpatch` is kept from copying them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonpatch import JsonPatch

from junjo_desktop.errors import JunjoDesktopError
from junjo_desktop.telemetry.junjo.payload import Payload, PayloadError, PayloadMode
from junjo_desktop.telemetry.junjo.state.certainty import ABSENT
from junjo_desktop.telemetry.junjo.state.pointer import Tokens, array_index, pointer_tokens, value_at

_WITHHELD = {
    PayloadMode.REDACTED: "Its patch was redacted by the producer.",
    PayloadMode.EXCLUDED: "Its patch was left out by the producer.",
    PayloadMode.REFERENCE: "Its patch was stored elsewhere; only a reference was sent.",
    PayloadMode.MISSING: "Its patch was not sent.",
}
_OPERATIONS: Mapping[str, Any] = JsonPatch.operations


class PatchError(JunjoDesktopError):
    """A patch cannot be read, or does not apply to a document. The message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `source` is the `from` of a move or copy."""

    name: str
    pointer: str
    path: Tokens
    source: Tokens | None = None
    value: Any = ABSENT

    @property
    def is_whole(self) -> bool:
        """Whether it sets the whole document, whatever that was."""
        return not self.path and self.name in ("add", "replace")


@dataclass(frozen=True, slots=True)
class Patch:
    """The operations of one update, in order. None: nothing changed."""

    operations: tuple[Operation, ...]

    @property
    def needs_no_base(self) -> bool:
        """Whether the result is the same for every document."""
        return bool(self.operations) and self.operations[0].is_whole


class Ownership:
    """Which containers of a document belong to nobody else, so that they may be changed.

    `copied` counts the slots (keys or items) that were copied: what keeping the version costs.
    """

    def __init__(self) -> None:
        # The containers are held: an id must not be given to another while it is known here.
        self._owned: dict[int, Any] = {}
        self.copied = 0

    def own(self, container: Any) -> Any:
        """Return the container itself if it is owned, else an owned copy."""
        if id(container) in self._owned:
            return container
        mine = container.copy()
        self._owned[id(mine)] = mine
        self.copied += len(mine)
        return mine

    def release(self) -> None:
        """Own nothing any more: what was owned is part of a version that stays."""
        self._owned.clear()
        self.copied = 0

    def own_path(self, document: Any, path: Tokens) -> Any:
        """Return the document with all containers above the target of `path` owned. Raises PatchError."""
        if not path:
            return document
        root = parent = self._own_container(document, path)
        for token in path[:-1]:
            key = _key(parent, token, path)
            parent[key] = self._own_container(parent[key], path)
            parent = parent[key]
        return root

    def _own_container(self, value: Any, path: Tokens) -> Any:
        if not isinstance(value, dict | list):
            raise PatchError(f"{shown(path)} is not in the state before it.")
        return self.own(value)


def read_patch(payload: Payload) -> Patch:
    """Return the patch of an update. Raises PatchError."""
    if payload.mode is not PayloadMode.FULL:
        raise PatchError(payload.reason or _WITHHELD.get(payload.mode, "Its patch was not sent."))
    try:
        raw = payload.value
    except PayloadError as error:
        raise PatchError("Its patch is no readable JSON.") from error
    if raw == {}:
        return Patch(())
    if not isinstance(raw, list):
        raise PatchError("Its patch is no list of operations.")
    return Patch(tuple(map(_read_operation, raw)))


def applied(document: Any, patch: Patch, ownership: Ownership | None = None) -> Any:
    """Return the document after a patch. Raises PatchError; what `ownership` owns may then be half changed."""
    mine = ownership or Ownership()
    for operation in patch.operations:
        document = _apply(document, operation, mine)
    return document


def shown(path: Tokens) -> str:
    """Return a path for a sentence."""
    text = "/" + "/".join(path) if path else "The whole state"
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


class _Shared:
    """A value that `jsonpatch` takes as it is, without a copy."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __deepcopy__(self, _memo: object) -> Any:
        return self.value


def _apply(document: Any, operation: Operation, mine: Ownership) -> Any:
    match operation.name:
        case "copy":
            value = _existing(document, operation.source or ())
            # From here on the value stands in two places.
            mine.release()
            return _run(document, "add", operation.pointer, operation.path, value, mine)
        case "move":
            return _move(document, operation, mine)
        case "test":
            # What is in a text or number is nowhere, but `jsonpatch` would look into texts.
            _existing(document, operation.path)
            return _call({"op": "test", "path": operation.pointer, "value": operation.value}, document, operation.path)
        case _:
            if operation.name != "add":
                _existing(document, operation.path)
            return _run(document, operation.name, operation.pointer, operation.path, operation.value, mine)


def _move(document: Any, operation: Operation, mine: Ownership) -> Any:
    source = operation.source or ()
    value = _existing(document, source)
    if source == operation.path:
        return document
    if operation.path[: len(source)] == source:
        raise PatchError(f"{shown(source)} cannot be moved into itself.")
    # Removing shifts arrays, so the target is looked for afterwards.
    rest = mine.own_path(document, source)
    parent = value_at(rest, source[:-1])
    del parent[_key(parent, source[-1], source)]
    return _run(rest, "add", operation.pointer, operation.path, value, mine)


def _run(document: Any, name: str, pointer: str, path: Tokens, value: Any, mine: Ownership) -> Any:
    document = mine.own_path(document, path)
    if path and _is_done(value_at(document, path[:-1]), name, path[-1], value):
        return document
    return _call({"op": name, "path": pointer, "value": _Shared(value)}, document, path)


def _is_done(container: Any, name: str, token: str, value: Any) -> bool:
    """Do what nearly all operations are, in a fifth of the time `jsonpatch` takes; False where it is not that plain.

    A target to be removed or replaced is known to be there.
    """
    if isinstance(container, dict):
        key: str | int | None = token
    elif isinstance(container, list):
        key = len(container) if token == "-" and name == "add" else array_index(token)  # noqa: S105 - of a JSON pointer
    else:
        key = None
    if key is None or (isinstance(container, list) and isinstance(key, int) and key > len(container)):
        return False
    if name == "remove":
        del container[key]
    elif name == "add" and isinstance(key, int):
        container.insert(key, value)
    else:
        container[key] = value
    return True


def _call(raw: dict[str, Any], document: Any, path: Tokens) -> Any:
    try:
        return _OPERATIONS[raw["op"]](raw).apply(document)
    except Exception as error:  # whatever Python raises for an odd document, the patch does not apply to it
        raise PatchError(f"{shown(path)} cannot be changed like this: {raw['op']}.") from error


def _existing(document: Any, path: Tokens) -> Any:
    value = value_at(document, path)
    if value is ABSENT:
        raise PatchError(f"{shown(path)} is not in the state before it.")
    return value


def _key(container: Any, token: str, path: Tokens) -> str | int:
    if isinstance(container, dict):
        if token in container:
            return token
    else:
        index = array_index(token)
        if index is not None and index < len(container):
            return index
    raise PatchError(f"{shown(path)} is not in the state before it.")


def _read_operation(raw: Any) -> Operation:
    if not isinstance(raw, dict) or not isinstance(raw.get("op"), str) or raw["op"] not in _OPERATIONS:
        raise PatchError("Its patch has an operation that RFC 6902 does not know.")
    name, pointer = raw["op"], raw.get("path")
    path = pointer_tokens(pointer) if isinstance(pointer, str) else None
    if path is None or not isinstance(pointer, str):
        raise PatchError("Its patch has an operation without a readable path.")
    source = None
    if name in ("move", "copy"):
        source = pointer_tokens(raw["from"]) if isinstance(raw.get("from"), str) else None
        if source is None:
            raise PatchError(f"Its patch has a {name} without a readable origin.")
    elif name != "remove" and "value" not in raw:
        raise PatchError(f"Its patch has a {name} without a value.")
    return Operation(name, pointer, path, source, raw.get("value", ABSENT))


_SHOWN_CHARACTERS = 80
