-- What tells calls apart further. Of calls read before, all are read again in the background (store.call_rows).

ALTER TABLE calls ADD COLUMN server_address VARCHAR;    -- host or address that was asked, as sent
ALTER TABLE calls ADD COLUMN prompt_name VARCHAR;       -- of the prompt in its registry
ALTER TABLE calls ADD COLUMN prompt_version VARCHAR;
ALTER TABLE calls ADD COLUMN scope_name VARCHAR;        -- instrumentation that told of it

CREATE OR REPLACE VIEW friendly.calls AS
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
    is_captured,
    server_address,
    prompt_name,
    prompt_version,
    scope_name
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
COMMENT ON COLUMN friendly.calls.server_address IS 'Host or address that was asked, as sent';
COMMENT ON COLUMN friendly.calls.prompt_name IS 'Name of the prompt in its registry';
COMMENT ON COLUMN friendly.calls.prompt_version IS 'Version of the prompt';
COMMENT ON COLUMN friendly.calls.scope_name IS 'Instrumentation that told of it';
