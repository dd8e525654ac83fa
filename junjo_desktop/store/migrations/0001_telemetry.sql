-- The first schema: what is received, whole, and small tables of what lists show.
-- Ids are lower-case hex text; times are nanoseconds since the epoch (BIGINT); JSON is text.
-- `extra` holds, as JSON, the few values that a typed column cannot (times beyond 2^63, absent against empty messages).
-- No index on spans: zone maps over arrival order serve time ranges, and the key is kept unique by the indexer.
-- zstd for a span's large texts: ingest is a quarter faster and the file a third smaller than with DuckDB's own choice.

CREATE TABLE resources (
    resource_id              VARCHAR PRIMARY KEY,  -- hash of everything below
    service_name             VARCHAR NOT NULL,     -- 'unknown_service' when absent
    attributes               VARCHAR NOT NULL,     -- JSON object
    dropped_attributes_count UINTEGER NOT NULL,
    schema_url               VARCHAR NOT NULL,
    extra                    VARCHAR
);

CREATE TABLE scopes (
    scope_id                 VARCHAR PRIMARY KEY,
    name                     VARCHAR NOT NULL,
    version                  VARCHAR NOT NULL,
    attributes               VARCHAR NOT NULL,
    dropped_attributes_count UINTEGER NOT NULL,
    schema_url               VARCHAR NOT NULL,
    extra                    VARCHAR
);

CREATE TABLE spans (
    trace_id                 VARCHAR NOT NULL,
    span_id                  VARCHAR NOT NULL,     -- unique together with trace_id; the later one received wins
    parent_span_id           VARCHAR,              -- NULL for a root (also when the sender wrote eight zero bytes: see extra)
    service_name             VARCHAR NOT NULL,     -- copied from the resource: lists filter by it
    name                     VARCHAR NOT NULL,
    kind                     INTEGER NOT NULL,     -- OTLP SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer
    start_ns                 BIGINT NOT NULL,
    end_ns                   BIGINT NOT NULL,
    duration_ns              BIGINT NOT NULL,      -- end - start; negative when the sender's clock went back
    status_code              INTEGER NOT NULL,     -- 0 unset, 1 ok, 2 error
    status_message           VARCHAR NOT NULL,
    is_error                 BOOLEAN NOT NULL,     -- status error, or error.type, or an exception event on it
    span_type                VARCHAR NOT NULL,     -- what the window calls it: workflow, subflow, node, concurrent, agent, llm, tool, ...
    junjo_span_type          VARCHAR,              -- junjo.span_type as sent
    junjo_runtime_id         VARCHAR,              -- junjo.executable_runtime_id, or junjo.id before SDK 0.63
    llm_provider             VARCHAR,
    llm_model                VARCHAR,
    input_tokens             BIGINT,
    output_tokens            BIGINT,
    attributes               VARCHAR NOT NULL USING COMPRESSION zstd, -- JSON object
    events                   VARCHAR NOT NULL USING COMPRESSION zstd, -- JSON array of {name, timeUnixNano, attributes, droppedAttributesCount}
    links                    VARCHAR NOT NULL USING COMPRESSION zstd, -- JSON array of {traceId, spanId, traceState, attributes, droppedAttributesCount, flags}
    event_count              UINTEGER NOT NULL,
    trace_state              VARCHAR NOT NULL,
    flags                    UINTEGER NOT NULL,
    dropped_attributes_count UINTEGER NOT NULL,
    dropped_events_count     UINTEGER NOT NULL,
    dropped_links_count      UINTEGER NOT NULL,
    resource_id              VARCHAR NOT NULL,
    scope_id                 VARCHAR NOT NULL,
    extra                    VARCHAR,
    received_ns              BIGINT NOT NULL,
    arrival                  BIGINT NOT NULL       -- position of its request in the intake journal
);

CREATE TABLE logs (
    trace_id                 VARCHAR,
    span_id                  VARCHAR,
    service_name             VARCHAR NOT NULL,
    time_ns                  BIGINT NOT NULL,
    observed_ns              BIGINT NOT NULL,
    severity_number          INTEGER NOT NULL,
    severity_text            VARCHAR NOT NULL,
    event_name               VARCHAR NOT NULL,
    body                     VARCHAR,              -- JSON of the OTLP value
    body_text                VARCHAR NOT NULL,     -- the same for people: a string body as it is, else its JSON
    attributes               VARCHAR NOT NULL,
    dropped_attributes_count UINTEGER NOT NULL,
    flags                    UINTEGER NOT NULL,
    resource_id              VARCHAR NOT NULL,
    scope_id                 VARCHAR NOT NULL,
    extra                    VARCHAR,
    received_ns              BIGINT NOT NULL,
    arrival                  BIGINT NOT NULL
);

CREATE TABLE metrics (
    service_name             VARCHAR NOT NULL,
    name                     VARCHAR NOT NULL,
    description              VARCHAR NOT NULL,
    unit                     VARCHAR NOT NULL,
    type                     VARCHAR NOT NULL,     -- gauge, sum, histogram, exponential_histogram, summary, none
    point_count              UINTEGER NOT NULL,
    first_ns                 BIGINT,
    last_ns                  BIGINT,
    metric                   BLOB NOT NULL,        -- the OTLP Metric message, as received
    resource_id              VARCHAR NOT NULL,
    scope_id                 VARCHAR NOT NULL,
    received_ns              BIGINT NOT NULL,
    arrival                  BIGINT NOT NULL
);

-- Derived: one row a trace, kept as its spans arrive, in any order.
CREATE TABLE traces (
    trace_id                 VARCHAR PRIMARY KEY,
    root_span_id             VARCHAR,              -- earliest span without a parent; NULL until one arrives
    root_count               INTEGER NOT NULL,
    name                     VARCHAR NOT NULL,     -- of the root, else of the earliest span
    service_name             VARCHAR NOT NULL,     -- same rule
    span_type                VARCHAR NOT NULL,     -- same rule
    start_ns                 BIGINT NOT NULL,
    end_ns                   BIGINT NOT NULL,
    duration_ns              BIGINT NOT NULL,
    lead_start_ns            BIGINT NOT NULL,      -- start of the span that gives the name: decides when a better one arrives
    lead_span_id             VARCHAR NOT NULL,
    lead_status_code         INTEGER NOT NULL,
    span_count               BIGINT NOT NULL,
    error_count              BIGINT NOT NULL,
    llm_count                BIGINT NOT NULL,
    workflow_count           BIGINT NOT NULL,      -- spans of junjo_span_type workflow or agent
    input_tokens             BIGINT,               -- NULL: no LLM call reported any
    output_tokens            BIGINT,
    dropped_count            BIGINT NOT NULL,      -- attributes, events and links that senders say they dropped
    replaced_count           BIGINT NOT NULL,      -- spans received again
    first_received_ns        BIGINT NOT NULL,
    last_received_ns         BIGINT NOT NULL
);

-- One row a trace and service. Indexed by trace alone: DuckDB does not search a part of a longer key, and scanning it
-- for every batch costs 20 ms at a million traces.
CREATE TABLE trace_services (
    trace_id                 VARCHAR NOT NULL,
    service_name             VARCHAR NOT NULL,
    span_count               BIGINT NOT NULL
);

CREATE INDEX trace_services_by_trace ON trace_services (trace_id);

CREATE TABLE services (
    service_name             VARCHAR PRIMARY KEY,
    span_count               BIGINT NOT NULL,
    error_count              BIGINT NOT NULL,
    log_count                BIGINT NOT NULL,
    metric_count             BIGINT NOT NULL,
    first_received_ns        BIGINT NOT NULL,
    last_received_ns         BIGINT NOT NULL
);

-- How far the journal is indexed; written in the same transaction as the rows above.
CREATE TABLE intake_position (
    journal_id               VARCHAR PRIMARY KEY,  -- a journal that was made anew starts from zero again
    position                 BIGINT NOT NULL
);
