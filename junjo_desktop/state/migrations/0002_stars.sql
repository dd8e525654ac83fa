-- Traces that the user wants to keep. Here and not in the telemetry: a star survives that its trace is deleted and comes
-- again, and does not travel in an exported file.
CREATE TABLE stars (
    trace_id   TEXT PRIMARY KEY,  -- lower-case hexadecimal
    starred_ns INTEGER NOT NULL
) WITHOUT ROWID;
