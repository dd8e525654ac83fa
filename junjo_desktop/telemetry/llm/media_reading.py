"""Reads images, sounds and files out of the parts of messages, by value or by link."""

from __future__ import annotations

import re
from urllib.parse import unquote

from junjo_desktop.telemetry.llm.parts import MediaPart
from junjo_desktop.telemetry.llm.values import as_text, plain
from junjo_desktop.telemetry.otlp_json import Attributes, Plain

_KINDS = ("image", "audio", "video")

MEDIA_TYPES = (
    *("blob", "uri", "binary", "media"),
    *("image", "image_url", "input_image", "image_file", "output_image"),
    *("audio", "audio_url", "input_audio", "output_audio"),
    *("video", "video_url", "input_video"),
    *("file", "file_url", "input_file", "document", "document_url"),
    *("anthropic_image", "anthropic_document"),
)

# Where a part keeps what it is about, deeper or not.
_INNER = ("image_url", "input_audio", "audio_url", "video_url", "image", "audio", "video", "document", "file", "source")
_LINKS = ("url", "uri", "image_url", "file_url", "fileUri", "file_uri", "audio_url", "video_url")
_DATA = ("data", "content", "bytes", "base64", "file_data", "b64_json", "image", "audio")
_MIME_TYPES = ("mime_type", "media_type", "mimeType", "mediaType", "content_type")
_IDS = ("file_id", "fileId", "id")
_NAMES = ("filename", "file_name", "name", "title")
_KEPT = (
    (re.compile(r"@@@langfuseMedia:type=(?P<mime>[^|@]*)"), "Langfuse's server"),
    (re.compile(r"mlflow-attachment://[^?]*\?(?:.*&)?content_type=(?P<mime>[^&]*)"), "MLflow's server"),
)
_MISSING = "It was not captured."
_NOT_CAPTURED = {"<image>", "[image]", "__REDACTED__", "<omitted>", "[omitted]"}


def read_media(value: Attributes) -> MediaPart | None:
    """Read an image, sound or file; None where there is neither a value nor a link nor a word about it."""
    layers = _layers(value)
    mime_type = _first(layers, _MIME_TYPES) or _mime_of_format(layers, value)
    kind = _kind(value, mime_type)
    name = _first(layers, _NAMES)
    link = _first(layers, _LINKS)
    if link is not None:
        return media_of_link(link, kind, mime_type, name)
    data = _first(layers, _DATA)
    if data is not None:
        if data.startswith(("data:", "http://", "https://")):
            return media_of_link(data, kind, mime_type, name)
        if data in _NOT_CAPTURED:
            return MediaPart(kind, mime_type, name=name, missing=_MISSING)
        return MediaPart(kind, mime_type, data=data, name=name)
    if file_id := _first(layers, _IDS):
        return MediaPart(kind, mime_type, uri=file_id, name=name)
    is_bare = set(value) <= {"type", "modality", *_MIME_TYPES}
    return MediaPart(kind, mime_type, missing=_MISSING) if is_bare else None


def media_of_link(link: str, kind: str, mime_type: str | None = None, name: str | None = None) -> MediaPart:
    """Read a link, or the value that a `data:` link holds."""
    if link in _NOT_CAPTURED:
        return MediaPart(kind, mime_type, name=name, missing=_MISSING)
    if kept := _kept_elsewhere(link):
        mime_type, where = kept
        return MediaPart(_kind_of_mime(mime_type) or kind, mime_type, name=name, missing=f"{where} keeps it.")
    if not link.startswith("data:"):
        return MediaPart(kind, mime_type, uri=link, name=name)
    head, comma, data = link[len("data:") :].partition(",")
    mime_type = head.partition(";")[0] or mime_type
    if not comma or not head.endswith(";base64"):
        return MediaPart(kind, mime_type, uri=link, name=name)
    return MediaPart(_kind_of_mime(mime_type) or kind, mime_type, data=data, name=name)


def _kept_elsewhere(link: str) -> tuple[str | None, str] | None:
    """Return the type of what an SDK took out of its telemetry, and where it is; None for an ordinary link."""
    for pattern, where in _KEPT:
        if (found := pattern.match(link)) is not None:
            return unquote(found["mime"]) or None, where
    return None


def _layers(value: Attributes) -> list[Attributes]:
    layers, current = [value], value
    while len(layers) < len(_INNER):
        inner = next((held for key in _INNER if isinstance(held := plain(current.get(key)), dict)), None)
        if inner is None:
            break
        layers.append(inner)
        current = inner
    return layers


def _first(layers: list[Attributes], keys: tuple[str, ...]) -> str | None:
    for layer in reversed(layers):
        for key in keys:
            found = as_text(plain(layer.get(key)))
            if found:
                return found
    return None


def _kind(value: Attributes, mime_type: str | None) -> str:
    modality: Plain = value.get("modality") or value.get("kind")
    words = (modality, _kind_of_mime(mime_type), value.get("type"), *value)
    for word in words:
        for kind in _KINDS:
            if isinstance(word, str) and kind in word.lower():
                return kind
    return "file"


def _kind_of_mime(mime_type: str | None) -> str | None:
    return next((kind for kind in _KINDS if mime_type and mime_type.startswith(kind + "/")), None)


def _mime_of_format(layers: list[Attributes], value: Attributes) -> str | None:
    word = _first(layers, ("format",))
    return f"{_kind(value, None)}/{word}" if word and _kind(value, None) != "file" else None
