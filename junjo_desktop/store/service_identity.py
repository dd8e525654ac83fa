"""Which process sent something, as far as its resource says so. Free of SQL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

VERSION = "service.version"
INSTANCE = "service.instance.id"
PID = "process.pid"
HOSTS = ("host.id", "host.name", "container.id", "k8s.pod.uid")
CREATED = ("process.creation.time", "process.start_time", "process.start.time")
REVISIONS = ("vcs.ref.head.revision", "vcs.repository.ref.revision", "git.commit.sha")
KEYS = (INSTANCE, PID, *HOSTS, *CREATED, VERSION, *REVISIONS)
"""All attributes of a resource that this module asks for."""

_RANDOM = re.compile(r"(?=.*[0-9])[0-9A-Za-z]{16,}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}.*")
_LONGEST = 200
_SHORT = 8


class Sign(StrEnum):
    """By what the start of a process was seen; the values are shown."""

    PROCESS = "another process"
    """Its instance id, process id or container is another."""
    RESOURCE = "another description"
    """It does not say which process it is, but describes itself differently: by another version, say."""
    PAUSE = "a pause"
    """It does not say which process it is; nothing came for a while before."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sent a resource. `process` is empty when the resource does not tell one process from the next."""

    process: tuple[str, ...]
    words: str
    version: str
    revision: str


def identity_of(told: Mapping[str, Any]) -> Identity:
    """Read the attributes of a resource.

    An instance id tells a process only when it looks random: many programs set a fixed one. A process id does with its
    host, but not 1, which every container's first process has.
    """
    instance, pid = _text(told, INSTANCE), _text(told, PID)
    created = next((text for key in CREATED if (text := _text(told, key))), "")
    process: tuple[str, ...] = ()
    if _RANDOM.fullmatch(instance):
        process = (instance,)
    elif pid and (pid != "1" or created):
        process = (pid, created, *(_text(told, key) for key in HOSTS))
    elif container := _text(told, "container.id") or _text(told, "k8s.pod.uid"):
        process = (container,)
    return Identity(
        process,
        _words(instance, pid),
        _text(told, VERSION),
        next((text for key in REVISIONS if (text := _text(told, key))), ""),
    )


def _words(instance: str, pid: str) -> str:
    shown = instance[:_SHORT] if _RANDOM.fullmatch(instance) else instance
    return " · ".join(part for part in (f"pid {pid}" if pid else "", shown) if part)


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    return str(value)[:_LONGEST].strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
