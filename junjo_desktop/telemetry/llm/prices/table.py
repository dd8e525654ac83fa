"""The price table that LiteLLM's package holds, read without running any of LiteLLM.

Reading takes some 40 ms once in a process: do it off the thread of the window. Of its 3 MB, what prices a call is kept,
packed (about 1 MB).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from junjo_desktop.errors import JunjoDesktopError

Prices: TypeAlias = Mapping[str, Any]
"""The fields of one model, as in the table: US dollars for one token under names like `input_cost_per_token`."""

_PACKAGE = "litellm"
_FILE = "model_prices_and_context_window*.json"
_KEPT = ("_token_cost", "cost_per_token", "_per_audio_token", "_per_image_token", "_per_reasoning_token")
_ALSO_KEPT = frozenset(("litellm_provider", "mode", "tiered_pricing", "off_peak_pricing"))
_DIGEST_DIGITS = 12


class PriceTableError(JunjoDesktopError):
    """There is no price table, or it cannot be read."""


class PriceTable:
    """Prices by the table's own names of models. `version` names the package and the content of its file."""

    def __init__(self, prices: Mapping[str, Prices], version: str) -> None:
        self.version = version
        self._packed = {name: orjson.dumps(_kept(entry)) for name, entry in prices.items() if isinstance(entry, dict)}
        self._unpack = lru_cache(maxsize=256)(self._unpacked)

    def __len__(self) -> int:
        """How many models are known."""
        return len(self._packed)

    def __iter__(self) -> Iterator[str]:
        """The names of all models."""
        return iter(self._packed)

    def __contains__(self, name: str) -> bool:
        """Whether a model is known by this name."""
        return name in self._packed

    def prices_of(self, name: str) -> Prices | None:
        """Return the prices under a name of the table; None where it has none."""
        return self._unpack(name) if name in self._packed else None

    def _unpacked(self, name: str) -> Prices:
        unpacked: Prices = orjson.loads(self._packed[name])
        return unpacked


_lock = threading.Lock()
_loaded: list[PriceTable] = []


def price_table() -> PriceTable:
    """Return the table, read at the first call. Raises `PriceTableError`."""
    with _lock:
        if not _loaded:
            _loaded.append(read_table(table_file()))
        return _loaded[0]


def table_file() -> Path:
    """Return where the table lies. Raises `PriceTableError`."""
    found = find_spec(_PACKAGE)  # finds it, and does not run it
    if found is None or not found.origin:
        raise PriceTableError("The package that holds the prices of models is not installed.")
    files = sorted(Path(found.origin).parent.glob(_FILE))
    if not files:
        raise PriceTableError(f"{Path(found.origin).parent} holds no prices of models.")
    return files[0]


def read_table(path: Path) -> PriceTable:
    """Read a table in LiteLLM's format. Raises `PriceTableError`."""
    try:
        content = path.read_bytes()
        prices = orjson.loads(content)
    except (OSError, orjson.JSONDecodeError) as error:
        raise PriceTableError(f"The prices of models could not be read from {path}: {error}") from error
    if not isinstance(prices, dict):
        raise PriceTableError(f"{path} holds no prices of models.")
    return PriceTable(prices, f"{_package_version()} ({sha256(content).hexdigest()[:_DIGEST_DIGITS]})")


def _package_version() -> str:
    try:
        return f"{_PACKAGE} {version(_PACKAGE)}"
    except PackageNotFoundError:
        return _PACKAGE


def _kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key in _ALSO_KEPT or any(word in key for word in _KEPT)}
