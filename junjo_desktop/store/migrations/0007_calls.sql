-- Calls of models as `telemetry.llm` reads them: one row a span that tells of one. Made in the background of what is
-- stored, trace by trace (store/call_reading.py): whether a call counts, or repeats another, its whole trace tells.

CREATE TABLE calls (
    trace_id                 VARCHAR NOT NULL,
    span_id                  VARCHAR NOT NULL,
    parent_span_id           VARCHAR,
    service_name             VARCHAR NOT NULL,
    operation                VARCHAR NOT NULL,     -- chat, text_completion, embeddings, rerank, or as sent
    provider                 VARCHAR,
    request_model            VARCHAR,
    response_model           VARCHAR,
    response_id              VARCHAR,
    conversation_id          VARCHAR,
    user_id                  VARCHAR,
    agent_name               VARCHAR,
    workflow_name            VARCHAR,              -- of the nearest workflow, subflow or agent around it
    node_name                VARCHAR,              -- of the nearest node around it
    start_ns                 BIGINT NOT NULL,
    duration_ns              BIGINT NOT NULL,
    time_to_first_token_ns   BIGINT,
    finish_reason            VARCHAR,
    is_error                 BOOLEAN NOT NULL,
    error_type               VARCHAR,
    temperature              DOUBLE,
    max_tokens               BIGINT,
    reasoning_effort         VARCHAR,
    input_tokens             BIGINT,               -- those from and for a cache included; NULL: not told
    output_tokens            BIGINT,               -- those of reasoning included
    cache_read_tokens        BIGINT,
    cache_write_tokens       BIGINT,
    reasoning_tokens         BIGINT,
    is_counted               BOOLEAN NOT NULL,     -- false: another span tells of the same call, and more of it
    cost                     DOUBLE,               -- US dollars; NULL: unknown
    cost_origin              VARCHAR NOT NULL,     -- reported, local, table, own, unknown
    priced_as                VARCHAR,              -- the price table's name of the model
    table_version            VARCHAR,
    first_words              VARCHAR NOT NULL,     -- of what was asked last; '' where that was not captured
    is_captured              BOOLEAN NOT NULL,     -- both what was asked and what was answered
    received_ns              BIGINT NOT NULL
);

-- Which traces were read, and as what they were: another `last_received_ns` or `version` means to read them again.
CREATE TABLE call_traces (
    trace_id                 VARCHAR NOT NULL,
    last_received_ns         BIGINT NOT NULL,
    version                  INTEGER NOT NULL,     -- store.call_rows.CALLS_VERSION
    call_count               BIGINT NOT NULL,      -- those that count
    without_usage            BIGINT NOT NULL,      -- of these
    unpriced                 BIGINT NOT NULL,      -- of these
    input_tokens             BIGINT,               -- NULL: no call told any
    output_tokens            BIGINT,
    cost                     DOUBLE                -- US dollars; NULL: of no call it is known
);

CREATE VIEW friendly.calls AS
SELECT
    trace_id,
    span_id,
    parent_span_id,
    service_name,
    operation,
    provider,
    request_model,
    response_model,
    response_id,
    conversation_id,
    user_id,
    agent_name,
    workflow_name,
    node_name,
    make_timestamptz(start_ns // 1000) AS start_time,
    start_ns,
    duration_ns / 1e6 AS duration_ms,
    time_to_first_token_ns / 1e6 AS time_to_first_token_ms,
    finish_reason,
    is_error,
    error_type,
    temperature,
    max_tokens,
    reasoning_effort,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_write_tokens,
    reasoning_tokens,
    is_counted,
    cost,
    cost_origin,
    priced_as,
    table_version,
    first_words,
    is_captured
FROM main.calls;

COMMENT ON VIEW friendly.calls IS 'Every call of a model, a few seconds after it was stored';
COMMENT ON COLUMN friendly.calls.trace_id IS 'Trace it belongs to';
COMMENT ON COLUMN friendly.calls.span_id IS 'Span that tells of it';
COMMENT ON COLUMN friendly.calls.parent_span_id IS 'Span that caused it; NULL for a root';
COMMENT ON COLUMN friendly.calls.service_name IS 'Service that called';
COMMENT ON COLUMN friendly.calls.operation IS 'chat, text_completion, embeddings, rerank, or as sent';
COMMENT ON COLUMN friendly.calls.provider IS 'Provider, in OpenTelemetry''s spelling';
COMMENT ON COLUMN friendly.calls.request_model IS 'Model that was asked for';
COMMENT ON COLUMN friendly.calls.response_model IS 'Model that answered';
COMMENT ON COLUMN friendly.calls.response_id IS 'Id that the provider gave to the answer';
COMMENT ON COLUMN friendly.calls.conversation_id IS 'Conversation, session or thread';
COMMENT ON COLUMN friendly.calls.user_id IS 'User, as the program tells it';
COMMENT ON COLUMN friendly.calls.agent_name IS 'Agent that called';
COMMENT ON COLUMN friendly.calls.workflow_name IS 'Nearest workflow, subflow or agent around it';
COMMENT ON COLUMN friendly.calls.node_name IS 'Nearest node around it';
COMMENT ON COLUMN friendly.calls.start_time IS 'Start, to the microsecond';
COMMENT ON COLUMN friendly.calls.start_ns IS 'Start in nanoseconds since 1970, exact';
COMMENT ON COLUMN friendly.calls.duration_ms IS 'Duration in milliseconds';
COMMENT ON COLUMN friendly.calls.time_to_first_token_ms IS 'Milliseconds until the first token came; NULL where that is not told';
COMMENT ON COLUMN friendly.calls.finish_reason IS 'stop, length, tool_calls, content_filter, or as sent';
COMMENT ON COLUMN friendly.calls.is_error IS 'True when it failed';
COMMENT ON COLUMN friendly.calls.error_type IS 'Class or code of the failure';
COMMENT ON COLUMN friendly.calls.temperature IS 'Temperature that was asked for';
COMMENT ON COLUMN friendly.calls.max_tokens IS 'Limit of output tokens that was asked for';
COMMENT ON COLUMN friendly.calls.reasoning_effort IS 'Effort of reasoning that was asked for';
COMMENT ON COLUMN friendly.calls.input_tokens IS 'Input tokens, those from and for a cache included; NULL: not told';
COMMENT ON COLUMN friendly.calls.output_tokens IS 'Output tokens, those of reasoning included; NULL: not told';
COMMENT ON COLUMN friendly.calls.cache_read_tokens IS 'Of the input tokens: read from a cache';
COMMENT ON COLUMN friendly.calls.cache_write_tokens IS 'Of the input tokens: written to a cache';
COMMENT ON COLUMN friendly.calls.reasoning_tokens IS 'Of the output tokens: reasoning';
COMMENT ON COLUMN friendly.calls.is_counted IS 'False: another span tells of the same call; leave it out of sums';
COMMENT ON COLUMN friendly.calls.cost IS 'US dollars; NULL: unknown';
COMMENT ON COLUMN friendly.calls.cost_origin IS 'reported by the call, local (nothing), table, own price, or unknown';
COMMENT ON COLUMN friendly.calls.priced_as IS 'Name of the model in the price table';
COMMENT ON COLUMN friendly.calls.table_version IS 'Version of the price table';
COMMENT ON COLUMN friendly.calls.first_words IS 'Beginning of what was asked last; empty where that was not captured';
COMMENT ON COLUMN friendly.calls.is_captured IS 'Whether both what was asked and what was answered came along';
