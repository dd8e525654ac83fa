-- Of which version (`telemetry/semantics.py`) everything derived is at least, and how far a rebuild has come.

CREATE TABLE derivation (
    version            INTEGER NOT NULL   -- 0: of several versions
);

INSERT INTO derivation VALUES (1);

-- At most one row: a rebuild that has begun and not ended. It is written with what it speaks of, in one transaction.
CREATE TABLE rebuild (
    version            INTEGER NOT NULL,  -- it rebuilds with this version's meaning
    step               VARCHAR NOT NULL,  -- resources, spans, traces, services
    first_row          BIGINT NOT NULL,   -- rows of `spans` are read from here downwards …
    below_row          BIGINT NOT NULL,   -- … and those below this one are still to be read
    part               INTEGER NOT NULL,  -- traces are compared in this many parts, and so many are done
    parts              INTEGER NOT NULL,
    spans              BIGINT NOT NULL,   -- read so far
    spans_changed      BIGINT NOT NULL,
    spans_unreadable   BIGINT NOT NULL,
    summaries_changed  BIGINT NOT NULL,   -- of traces (one may count several times) and services
    started_ns         BIGINT NOT NULL
);
