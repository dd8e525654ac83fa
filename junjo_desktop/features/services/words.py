"""How rates and shares are written. Qt-free."""

from __future__ import annotations

_WHOLE_FROM = 100
_ONE_DECIMAL_FROM = 10
_LEAST = 0.01


def rate_text(per_minute: float) -> str:
    """Return `1,204`, `24.1`, `3.20`, `0.05`, `< 0.01`: how often in a minute."""
    if per_minute >= _WHOLE_FROM:
        return f"{per_minute:,.0f}"
    if per_minute >= _ONE_DECIMAL_FROM:
        return f"{per_minute:.1f}"
    if per_minute >= _LEAST:
        return f"{per_minute:.2f}"
    return "< 0.01" if per_minute > 0 else "0"


def share_text(share: float, count: int) -> str:
    """Return `0 %`, `< 0.1 %`, `1.3 %`, `42 %`, `100 %`; it says 0 or 100 only when that is exact."""
    if not count:
        return "0 %"
    percent = share * 100
    if percent < 0.1:
        return "< 0.1 %"
    if percent >= 100:
        return "100 %"
    if percent >= 99.5:
        return "> 99 %"
    return f"{percent:.1f} %" if percent < 9.95 else f"{percent:.0f} %"


def change_text(change: float) -> str:
    """Return a change by its factor: `+12 %`, `−8 %`, `×3.4`, `±0 %`."""
    if change >= 1:
        return f"×{change + 1:.1f}" if change < 99 else "×99+"
    percent = round(change * 100)
    if percent == 0:
        return "±0 %"
    return f"+{percent} %" if percent > 0 else f"−{-percent} %"
