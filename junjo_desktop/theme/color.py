"""Arithmetic on `#RRGGBB` colours. Qt-free."""

from __future__ import annotations

from functools import lru_cache


def channels(color: str) -> tuple[int, int, int]:
    """Return red, green and blue of `#RRGGBB`, 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@lru_cache(maxsize=512)
def mix(color: str, ground: str, share: float) -> str:
    """Return `color` laid over `ground` with `share` (0 to 1) of itself."""
    mixed = (round(a * share + b * (1 - share)) for a, b in zip(channels(color), channels(ground), strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def contrast(first: str, second: str) -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    linear = [_linear(channel / 255) for channel in channels(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4
