-- What people write SQL against: the schema `friendly` stands first in their search path.
-- The views name codes and turn nanoseconds into times; `main` keeps the tables as they are.
-- None of them joins, and JSON stays text (its functions and arrows take text): so the newest ten of a million spans take
-- 7 ms, not 2.5 s, and a search in attributes takes half the time. Resources and scopes have views of their own.

CREATE SCHEMA friendly;

CREATE VIEW friendly.spans AS
SELECT
    s.trace_id,
    s.span_id,
    s.parent_span_id,
    s.service_name,
    s.name,
    CASE s.kind
        WHEN 0 THEN 'UNSPECIFIED' WHEN 1 THEN 'INTERNAL' WHEN 2 THEN 'SERVER'
        WHEN 3 THEN 'CLIENT' WHEN 4 THEN 'PRODUCER' WHEN 5 THEN 'CONSUMER' ELSE s.kind::VARCHAR
    END AS kind,
    s.span_type,
    make_timestamptz(s.start_ns // 1000) AS start_time,
    make_timestamptz(s.end_ns // 1000) AS end_time,
    s.start_ns,
    s.end_ns,
    s.duration_ns / 1e6 AS duration_ms,
    CASE s.status_code WHEN 0 THEN 'UNSET' WHEN 1 THEN 'OK' WHEN 2 THEN 'ERROR' ELSE s.status_code::VARCHAR END AS status,
    s.status_message,
    s.is_error,
    s.junjo_span_type,
    s.junjo_runtime_id,
    s.llm_provider,
    s.llm_model,
    s.input_tokens,
    s.output_tokens,
    s.attributes,
    s.events,
    s.links,
    s.event_count,
    s.trace_state,
    s.flags,
    s.dropped_attributes_count,
    s.dropped_events_count,
    s.dropped_links_count,
    s.resource_id,
    s.scope_id,
    make_timestamptz(s.received_ns // 1000) AS received_time
FROM main.spans s;

COMMENT ON VIEW friendly.spans IS 'Every stored span';
COMMENT ON COLUMN friendly.spans.trace_id IS 'Trace it belongs to: 32 hexadecimal digits';
COMMENT ON COLUMN friendly.spans.span_id IS 'Unique within its trace: 16 hexadecimal digits';
COMMENT ON COLUMN friendly.spans.parent_span_id IS 'Span that caused it; NULL for a root';
COMMENT ON COLUMN friendly.spans.service_name IS 'service.name of its resource';
COMMENT ON COLUMN friendly.spans.name IS 'Name the sender gave it';
COMMENT ON COLUMN friendly.spans.kind IS 'UNSPECIFIED, INTERNAL, SERVER, CLIENT, PRODUCER or CONSUMER';
COMMENT ON COLUMN friendly.spans.span_type IS 'What it is: workflow, subflow, node, concurrent, agent, llm, embedding, tool, retrieval, http, span, ...';
COMMENT ON COLUMN friendly.spans.start_time IS 'Start, to the microsecond';
COMMENT ON COLUMN friendly.spans.end_time IS 'End, to the microsecond';
COMMENT ON COLUMN friendly.spans.start_ns IS 'Start in nanoseconds since 1970, exact; the fastest column to filter and sort by';
COMMENT ON COLUMN friendly.spans.end_ns IS 'End in nanoseconds since 1970, exact';
COMMENT ON COLUMN friendly.spans.duration_ms IS 'Duration in milliseconds; negative when the sender''s clock went back';
COMMENT ON COLUMN friendly.spans.status IS 'UNSET, OK or ERROR, as the sender set it';
COMMENT ON COLUMN friendly.spans.status_message IS 'Message of the status';
COMMENT ON COLUMN friendly.spans.is_error IS 'True when its status is ERROR, or it has error.type, or it recorded an exception';
COMMENT ON COLUMN friendly.spans.junjo_span_type IS 'junjo.span_type as sent';
COMMENT ON COLUMN friendly.spans.junjo_runtime_id IS 'Runtime id of the Junjo executable';
COMMENT ON COLUMN friendly.spans.llm_provider IS 'Provider of a model call';
COMMENT ON COLUMN friendly.spans.llm_model IS 'Model of a model call';
COMMENT ON COLUMN friendly.spans.input_tokens IS 'Input tokens that a model call reported';
COMMENT ON COLUMN friendly.spans.output_tokens IS 'Output tokens that a model call reported';
COMMENT ON COLUMN friendly.spans.attributes IS 'JSON object, for example attributes->>''$."http.route"''';
COMMENT ON COLUMN friendly.spans.events IS 'JSON array of {name, timeUnixNano, attributes, droppedAttributesCount}';
COMMENT ON COLUMN friendly.spans.links IS 'JSON array of {traceId, spanId, traceState, attributes, droppedAttributesCount, flags}';
COMMENT ON COLUMN friendly.spans.event_count IS 'Number of events';
COMMENT ON COLUMN friendly.spans.trace_state IS 'W3C trace state';
COMMENT ON COLUMN friendly.spans.flags IS 'W3C trace flags in the low 8 bits';
COMMENT ON COLUMN friendly.spans.dropped_attributes_count IS 'Attributes the sender says it dropped';
COMMENT ON COLUMN friendly.spans.dropped_events_count IS 'Events the sender says it dropped';
COMMENT ON COLUMN friendly.spans.dropped_links_count IS 'Links the sender says it dropped';
COMMENT ON COLUMN friendly.spans.resource_id IS 'Who sent it: JOIN resources USING (resource_id)';
COMMENT ON COLUMN friendly.spans.scope_id IS 'Which instrumentation made it: JOIN scopes USING (scope_id)';
COMMENT ON COLUMN friendly.spans.received_time IS 'When it was received here';

CREATE VIEW friendly.traces AS
SELECT
    t.trace_id,
    t.root_span_id,
    t.root_span_id IS NULL AS root_missing,
    t.name,
    t.service_name,
    t.span_type,
    make_timestamptz(t.start_ns // 1000) AS start_time,
    make_timestamptz(t.end_ns // 1000) AS end_time,
    t.start_ns,
    t.end_ns,
    t.duration_ns / 1e6 AS duration_ms,
    CASE t.lead_status_code
        WHEN 0 THEN 'UNSET' WHEN 1 THEN 'OK' WHEN 2 THEN 'ERROR' ELSE t.lead_status_code::VARCHAR
    END AS status,
    t.span_count,
    t.error_count,
    t.llm_count,
    t.workflow_count,
    t.input_tokens,
    t.output_tokens,
    t.dropped_count,
    t.replaced_count,
    make_timestamptz(t.first_received_ns // 1000) AS first_received_time,
    make_timestamptz(t.last_received_ns // 1000) AS last_received_time
FROM main.traces t;

COMMENT ON VIEW friendly.traces IS 'One row for each trace, with what its spans add up to';
COMMENT ON COLUMN friendly.traces.trace_id IS '32 hexadecimal digits';
COMMENT ON COLUMN friendly.traces.root_span_id IS 'Earliest span without a parent; NULL while none has arrived';
COMMENT ON COLUMN friendly.traces.root_missing IS 'True while no root has arrived: the trace runs, or its root was lost';
COMMENT ON COLUMN friendly.traces.name IS 'Name of the root, or of the earliest span while the root is missing';
COMMENT ON COLUMN friendly.traces.service_name IS 'Service of the same span';
COMMENT ON COLUMN friendly.traces.span_type IS 'Type of the same span as the name: workflow, agent, llm, http, span, ...';
COMMENT ON COLUMN friendly.traces.start_time IS 'Earliest start of its spans, to the microsecond';
COMMENT ON COLUMN friendly.traces.end_time IS 'Latest end of its spans, to the microsecond';
COMMENT ON COLUMN friendly.traces.start_ns IS 'Earliest start in nanoseconds since 1970, exact';
COMMENT ON COLUMN friendly.traces.end_ns IS 'Latest end in nanoseconds since 1970, exact';
COMMENT ON COLUMN friendly.traces.duration_ms IS 'From the earliest start to the latest end, in milliseconds';
COMMENT ON COLUMN friendly.traces.status IS 'UNSET, OK or ERROR: the status of the same span as the name';
COMMENT ON COLUMN friendly.traces.span_count IS 'Spans';
COMMENT ON COLUMN friendly.traces.error_count IS 'Spans that failed';
COMMENT ON COLUMN friendly.traces.llm_count IS 'Calls of a language model';
COMMENT ON COLUMN friendly.traces.workflow_count IS 'Junjo workflows and agents';
COMMENT ON COLUMN friendly.traces.input_tokens IS 'Input tokens of its model calls; NULL when none reported any';
COMMENT ON COLUMN friendly.traces.output_tokens IS 'Output tokens of its model calls; NULL when none reported any';
COMMENT ON COLUMN friendly.traces.dropped_count IS 'Attributes, events and links that senders say they dropped';
COMMENT ON COLUMN friendly.traces.replaced_count IS 'Spans that were received again';
COMMENT ON COLUMN friendly.traces.first_received_time IS 'When its first span was received here';
COMMENT ON COLUMN friendly.traces.last_received_time IS 'When its newest span was received here';

CREATE VIEW friendly.services AS
SELECT
    service_name,
    span_count,
    error_count,
    log_count,
    metric_count,
    make_timestamptz(first_received_ns // 1000) AS first_received_time,
    make_timestamptz(last_received_ns // 1000) AS last_received_time
FROM main.services;

COMMENT ON VIEW friendly.services IS 'Everything that has sent telemetry';
COMMENT ON COLUMN friendly.services.service_name IS 'service.name of its resources; unknown_service when it did not say';
COMMENT ON COLUMN friendly.services.span_count IS 'Stored spans';
COMMENT ON COLUMN friendly.services.error_count IS 'Stored spans that failed';
COMMENT ON COLUMN friendly.services.log_count IS 'Stored log records';
COMMENT ON COLUMN friendly.services.metric_count IS 'Stored metrics';
COMMENT ON COLUMN friendly.services.first_received_time IS 'When it was first heard of';
COMMENT ON COLUMN friendly.services.last_received_time IS 'When it was last heard of';

CREATE VIEW friendly.logs AS
SELECT
    make_timestamptz(l.time_ns // 1000) AS time,
    make_timestamptz(l.observed_ns // 1000) AS observed_time,
    l.time_ns,
    l.observed_ns,
    l.service_name,
    l.severity_text,
    l.severity_number,
    l.event_name,
    l.body_text,
    l.body,
    l.trace_id,
    l.span_id,
    l.attributes,
    l.dropped_attributes_count,
    l.flags,
    l.resource_id,
    l.scope_id,
    make_timestamptz(l.received_ns // 1000) AS received_time
FROM main.logs l;

COMMENT ON VIEW friendly.logs IS 'Every stored log record';
COMMENT ON COLUMN friendly.logs.time IS 'When it happened, to the microsecond; 1970 when the sender did not say';
COMMENT ON COLUMN friendly.logs.observed_time IS 'When the sender''s SDK saw it';
COMMENT ON COLUMN friendly.logs.time_ns IS 'When it happened in nanoseconds since 1970, exact; 0 when the sender did not say';
COMMENT ON COLUMN friendly.logs.observed_ns IS 'When the sender''s SDK saw it in nanoseconds since 1970, exact';
COMMENT ON COLUMN friendly.logs.service_name IS 'service.name of its resource';
COMMENT ON COLUMN friendly.logs.severity_text IS 'Severity in the sender''s words';
COMMENT ON COLUMN friendly.logs.severity_number IS '1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal, 0 not said';
COMMENT ON COLUMN friendly.logs.event_name IS 'Name of the event, when it is one';
COMMENT ON COLUMN friendly.logs.body_text IS 'Body for reading: a text as it is, anything else as JSON';
COMMENT ON COLUMN friendly.logs.body IS 'JSON value';
COMMENT ON COLUMN friendly.logs.trace_id IS 'Trace it belongs to, when the sender said so';
COMMENT ON COLUMN friendly.logs.span_id IS 'Span it belongs to, when the sender said so';
COMMENT ON COLUMN friendly.logs.attributes IS 'JSON object';
COMMENT ON COLUMN friendly.logs.dropped_attributes_count IS 'Attributes the sender says it dropped';
COMMENT ON COLUMN friendly.logs.flags IS 'W3C trace flags in the low 8 bits';
COMMENT ON COLUMN friendly.logs.resource_id IS 'Who sent it: JOIN resources USING (resource_id)';
COMMENT ON COLUMN friendly.logs.scope_id IS 'Which instrumentation made it: JOIN scopes USING (scope_id)';
COMMENT ON COLUMN friendly.logs.received_time IS 'When it was received here';

CREATE VIEW friendly.resources AS
SELECT resource_id, service_name, attributes, dropped_attributes_count, schema_url FROM main.resources;

COMMENT ON VIEW friendly.resources IS 'Everything that sent telemetry, as it describes itself';
COMMENT ON COLUMN friendly.resources.resource_id IS 'Hash of all the rest';
COMMENT ON COLUMN friendly.resources.service_name IS 'service.name; unknown_service when it did not say';
COMMENT ON COLUMN friendly.resources.attributes IS 'JSON object, for example attributes->>''$."service.version"''';
COMMENT ON COLUMN friendly.resources.dropped_attributes_count IS 'Attributes the sender says it dropped';
COMMENT ON COLUMN friendly.resources.schema_url IS 'Schema its attributes follow';

CREATE VIEW friendly.scopes AS
SELECT scope_id, name, version, attributes, dropped_attributes_count, schema_url FROM main.scopes;

COMMENT ON VIEW friendly.scopes IS 'Instrumentations and loggers';
COMMENT ON COLUMN friendly.scopes.scope_id IS 'Hash of all the rest';
COMMENT ON COLUMN friendly.scopes.name IS 'Name of the instrumentation';
COMMENT ON COLUMN friendly.scopes.version IS 'Its version';
COMMENT ON COLUMN friendly.scopes.attributes IS 'JSON object';
COMMENT ON COLUMN friendly.scopes.dropped_attributes_count IS 'Attributes the sender says it dropped';
COMMENT ON COLUMN friendly.scopes.schema_url IS 'Schema the spans and logs within it follow';

CREATE VIEW friendly.trace_services AS
SELECT trace_id, service_name, span_count FROM main.trace_services;

COMMENT ON VIEW friendly.trace_services IS 'Which service has spans in which trace';
COMMENT ON COLUMN friendly.trace_services.trace_id IS 'The trace';
COMMENT ON COLUMN friendly.trace_services.service_name IS 'The service';
COMMENT ON COLUMN friendly.trace_services.span_count IS 'Spans of the service in the trace';
