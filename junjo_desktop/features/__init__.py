"""The screens. Each folder here offers one as `FEATURE`, or several that are made of the same parts as `FEATURES`.

Whoever deletes a folder deletes its screens and nothing else.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from types import ModuleType

from junjo_desktop.shell.feature import Feature

_log = logging.getLogger(__name__)


def discover_features() -> tuple[Feature, ...]:
    """Return what the folders offer, in the order of the rail; one that cannot be imported is logged and left out."""
    found: list[Feature] = []
    for module in pkgutil.iter_modules(__path__):
        if not module.ispkg:
            continue
        try:
            offered = _offered(importlib.import_module(f"{__name__}.{module.name}"))
        except Exception:
            _log.exception("The screen %s cannot be loaded", module.name)
        else:
            found.extend(offered)
    return tuple(sorted(found, key=lambda feature: (feature.order, feature.name)))


def _offered(folder: ModuleType) -> tuple[Feature, ...]:
    return tuple(folder.FEATURES) if hasattr(folder, "FEATURES") else (folder.FEATURE,)
