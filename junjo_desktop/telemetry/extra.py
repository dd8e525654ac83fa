"""Keys of the `extra` column: what was sent that a typed column cannot hold. Most rows have none (NULL).

Times are decimal strings of nanoseconds; ids are hex of whatever bytes were sent.
"""

from __future__ import annotations

START_TIME = "startTimeUnixNano"  # beyond 2^63 - 1; the column holds that limit
END_TIME = "endTimeUnixNano"
TIME = "timeUnixNano"
OBSERVED_TIME = "observedTimeUnixNano"
TRACE_ID = "traceId"  # of a log record: not 16 non-zero bytes; the column is NULL
SPAN_ID = "spanId"
PARENT_SPAN_ID = "parentSpanId"  # not 8 non-zero bytes; the column is NULL
STATUS = "status"  # null: no status was sent (the columns read as an empty one)
ENTITY_REFS = "entityRefs"  # of a resource
MESSAGE = "message"  # null: the whole Resource or InstrumentationScope was not sent
