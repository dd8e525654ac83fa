"""What a row of the view `runs` says by the clock, as SQL with the parameter `$now_ns`."""

from __future__ import annotations

from junjo_desktop.store.execution import LOST_AFTER_NS

# Something of its trace came lately. Few traces have that, and the times lead to them at once.
_IS_HEARD = f"""(heard_ns >= $now_ns::BIGINT - {LOST_AFTER_NS} OR trace_id IN (
    SELECT heard.trace_id FROM traces heard WHERE heard.last_received_ns >= $now_ns::BIGINT - {LOST_AFTER_NS}
))"""  # noqa: S608 - our own number

OUTCOME = f"CASE WHEN outcome IS NOT NULL THEN outcome WHEN {_IS_HEARD} THEN 'running' ELSE 'lost' END"

DURATION = f"""CASE WHEN outcome IS NOT NULL OR start_ns = 0 THEN duration_ns
    WHEN {_IS_HEARD} THEN greatest($now_ns::BIGINT - start_ns, 0) ELSE greatest(heard_ns - start_ns, 0) END"""
