-- What people write on traces and on their spans. Here and not in the telemetry, as stars are; deleting a trace deletes
-- its notes. `span_id` is '' for the trace itself; ids are lower-case hexadecimal, times nanoseconds since the epoch.
CREATE TABLE tags (
    trace_id  TEXT NOT NULL,
    span_id   TEXT NOT NULL,
    tag       TEXT NOT NULL COLLATE NOCASE,
    tagged_ns INTEGER NOT NULL,
    PRIMARY KEY (trace_id, span_id, tag)
) WITHOUT ROWID;

CREATE TABLE comments (
    trace_id   TEXT NOT NULL,
    span_id    TEXT NOT NULL,
    comment    TEXT NOT NULL,
    written_ns INTEGER NOT NULL,
    PRIMARY KEY (trace_id, span_id)
) WITHOUT ROWID;
