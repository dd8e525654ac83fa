"""The screens. Each folder here is one; whoever deletes a folder deletes its screen and nothing else."""

from __future__ import annotations

import importlib
import logging
import pkgutil

from junjo_desktop.shell.feature import Feature

_log = logging.getLogger(__name__)


def discover_features() -> tuple[Feature, ...]:
    """Return what the folders offer, in the order of the rail; one that cannot be imported is logged and left out."""
    found: list[Feature] = []
    for module in pkgutil.iter_modules(__path__):
        if not module.ispkg:
            continue
        try:
            feature = importlib.import_module(f"{__name__}.{module.name}").FEATURE
        except Exception:
            _log.exception("The screen %s cannot be loaded", module.name)
        else:
            found.append(feature)
    return tuple(sorted(found, key=lambda feature: (feature.order, feature.name)))
