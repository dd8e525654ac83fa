-- Derived: one row a run of a Junjo workflow, subflow or agent, kept as spans arrive, in any order.
-- The span of a run (its owner) arrives last. Until then the row is made of what the owner's direct children say, which
-- name it as their parent: it is open, and `span_id` is NULL. (trace_id, owner_span_id) is the key of both.
-- What an open run is called is not stored: it would depend on which other runs had arrived by then. See `runs` below.
CREATE TABLE executions (
    trace_id                 VARCHAR NOT NULL,
    owner_span_id            VARCHAR NOT NULL,     -- span id of the owner, arrived or not
    span_id                  VARCHAR,              -- the same once the owner has arrived; NULL: the run is open
    type                     VARCHAR,              -- workflow, subflow, agent; NULL while open: workflow or subflow
    name                     VARCHAR,              -- NULL while open
    service_name             VARCHAR NOT NULL,
    service_version          VARCHAR,              -- service.version of the resource
    agent_key                VARCHAR,
    definition_id            VARCHAR,
    runtime_id               VARCHAR,              -- before SDK 0.63 the same as definition_id, in every run of an object
    structural_id            VARCHAR,
    graph_structural_id      VARCHAR,              -- NULL before SDK 0.63, and of agents
    parent_runtime_id        VARCHAR,              -- of the executable that it runs within
    parent_span_id           VARCHAR,
    correlation_type         VARCHAR,
    correlation_id           VARCHAR,
    contract_version         BIGINT,
    start_ns                 BIGINT NOT NULL,      -- while open: of its first child that has arrived; 0: not told
    end_ns                   BIGINT,               -- NULL while open
    duration_ns              BIGINT,               -- NULL while open
    outcome                  VARCHAR,              -- completed, failed, cancelled; NULL while open
    error_type               VARCHAR,
    error_message            VARCHAR,
    termination_reason       VARCHAR,              -- of agents
    node_count               BIGINT,               -- as sent; while open: its own nodes and subflows that have ended
    failure_count            BIGINT NOT NULL,      -- 1 when it failed; while open: its direct children that failed
    hook_error_count         BIGINT NOT NULL,      -- on its own span; while open 0
    model_requests           BIGINT,               -- of agents; while open: those that have ended
    tool_calls               BIGINT,               -- of agents: those that began; while open: those that have ended
    input_tokens             BIGINT,               -- of agents: what their model requests reported; of others NULL
    output_tokens            BIGINT,
    first_received_ns        BIGINT NOT NULL,      -- of its owner; while open: of its direct children
    last_received_ns         BIGINT NOT NULL
);

CREATE INDEX executions_by_trace ON executions (trace_id);

-- Every run as lists show it. What an open run lacks is inferred from the newest run of the same graph, agent or object;
-- of several open runs in a trace, those that began later are taken for subflows when nothing else tells their type.
CREATE VIEW runs AS
WITH open AS (
    SELECT * FROM executions WHERE span_id IS NULL
), known AS (
    SELECT coalesce(agent_key, graph_structural_id, definition_id) AS likeness, max(row(start_ns, name, type)) AS newest
    FROM executions
    WHERE span_id IS NOT NULL
      AND coalesce(agent_key, graph_structural_id, definition_id)
          IN (SELECT coalesce(agent_key, graph_structural_id, definition_id) FROM open)
    GROUP BY likeness
), began AS (
    SELECT trace_id, min(start_ns) AS first_ns FROM open GROUP BY trace_id
)
SELECT *, 'sent' AS name_source, last_received_ns AS heard_ns FROM executions WHERE span_id IS NOT NULL
UNION ALL
SELECT
    open.* REPLACE (
        coalesce(
            open.type, known.newest[3], CASE WHEN open.start_ns > began.first_ns THEN 'subflow' ELSE 'workflow' END
        ) AS type,
        coalesce(known.newest[2], '') AS name
    ),
    CASE WHEN known.newest IS NULL THEN 'unknown' ELSE 'inferred' END,
    open.last_received_ns
FROM open
JOIN began ON began.trace_id = open.trace_id
LEFT JOIN known ON likeness = coalesce(open.agent_key, open.graph_structural_id, open.definition_id);

CREATE VIEW friendly.executions AS
SELECT
    trace_id,
    span_id,
    owner_span_id,
    type,
    name,
    name_source,
    service_name,
    service_version,
    CASE
        WHEN outcome IS NOT NULL THEN outcome
        WHEN last_received_ns >= epoch_ns(now()) - 60_000_000_000 THEN 'running'
        WHEN trace_id IN (
            SELECT trace_id FROM main.traces WHERE last_received_ns >= epoch_ns(now()) - 60_000_000_000
        ) THEN 'running'
        ELSE 'lost'
    END AS outcome,
    make_timestamptz(start_ns // 1000) AS start_time,
    make_timestamptz(end_ns // 1000) AS end_time,
    start_ns,
    end_ns,
    duration_ns / 1e6 AS duration_ms,
    error_type,
    error_message,
    termination_reason,
    node_count,
    failure_count,
    hook_error_count,
    model_requests,
    tool_calls,
    input_tokens,
    output_tokens,
    correlation_type,
    correlation_id,
    agent_key,
    definition_id,
    runtime_id,
    structural_id,
    graph_structural_id,
    parent_runtime_id,
    parent_span_id,
    contract_version,
    make_timestamptz(first_received_ns // 1000) AS first_received_time,
    make_timestamptz(last_received_ns // 1000) AS last_received_time
FROM main.runs;

COMMENT ON VIEW friendly.executions IS 'Every run of a Junjo workflow, subflow or agent';
COMMENT ON COLUMN friendly.executions.trace_id IS 'Trace it belongs to';
COMMENT ON COLUMN friendly.executions.span_id IS 'Its span, which arrives when it has ended; NULL until then';
COMMENT ON COLUMN friendly.executions.owner_span_id IS 'Id of the same span, which its children tell beforehand';
COMMENT ON COLUMN friendly.executions.type IS 'workflow, subflow or agent; of what has not ended, as far as can be told';
COMMENT ON COLUMN friendly.executions.name IS 'Name; of what has not ended, that of the newest run of the same graph or agent';
COMMENT ON COLUMN friendly.executions.name_source IS 'sent, inferred from another run, or unknown (the name is empty)';
COMMENT ON COLUMN friendly.executions.service_name IS 'Service it ran in';
COMMENT ON COLUMN friendly.executions.service_version IS 'service.version of its resource';
COMMENT ON COLUMN friendly.executions.outcome IS 'completed, failed, cancelled; running, or lost when nothing came for 60 s';
COMMENT ON COLUMN friendly.executions.start_time IS 'Start, to the microsecond; of what has not ended, that of its first ended child';
COMMENT ON COLUMN friendly.executions.end_time IS 'End, to the microsecond; NULL when it has not ended';
COMMENT ON COLUMN friendly.executions.start_ns IS 'The same start in nanoseconds since 1970, exact';
COMMENT ON COLUMN friendly.executions.end_ns IS 'The same end in nanoseconds since 1970, exact';
COMMENT ON COLUMN friendly.executions.duration_ms IS 'Duration in milliseconds; NULL when it has not ended';
COMMENT ON COLUMN friendly.executions.error_type IS 'Class of the exception that ended it';
COMMENT ON COLUMN friendly.executions.error_message IS 'Message of that exception';
COMMENT ON COLUMN friendly.executions.termination_reason IS 'Why an agent ended: final_output, limit_exceeded, tool_error, ...';
COMMENT ON COLUMN friendly.executions.node_count IS 'Nodes it ran, as sent; before SDK 0.63 this grows with every run of one object';
COMMENT ON COLUMN friendly.executions.failure_count IS '1 when it failed; of what has not ended, its failed direct children';
COMMENT ON COLUMN friendly.executions.hook_error_count IS 'Errors of hooks on its own span; they do not fail it';
COMMENT ON COLUMN friendly.executions.model_requests IS 'Model requests of an agent';
COMMENT ON COLUMN friendly.executions.tool_calls IS 'Tool calls of an agent that began';
COMMENT ON COLUMN friendly.executions.input_tokens IS 'Input tokens that the model requests of an agent reported';
COMMENT ON COLUMN friendly.executions.output_tokens IS 'Output tokens that the model requests of an agent reported';
COMMENT ON COLUMN friendly.executions.correlation_type IS 'junjo.correlation.type, set by the application';
COMMENT ON COLUMN friendly.executions.correlation_id IS 'junjo.correlation.id, set by the application';
COMMENT ON COLUMN friendly.executions.agent_key IS 'junjo.agent.key';
COMMENT ON COLUMN friendly.executions.definition_id IS 'Id of the object that ran';
COMMENT ON COLUMN friendly.executions.runtime_id IS 'Id of this run; before SDK 0.63 that of the object';
COMMENT ON COLUMN friendly.executions.structural_id IS 'Id of its structure, the same in every process';
COMMENT ON COLUMN friendly.executions.graph_structural_id IS 'Id of the structure of its graph';
COMMENT ON COLUMN friendly.executions.parent_runtime_id IS 'Runtime id of what it ran within';
COMMENT ON COLUMN friendly.executions.parent_span_id IS 'Span that caused it';
COMMENT ON COLUMN friendly.executions.contract_version IS 'junjo.telemetry.contract_version; NULL before SDK 0.64';
COMMENT ON COLUMN friendly.executions.first_received_time IS 'When its span was received here; of what has not ended, the first of its children';
COMMENT ON COLUMN friendly.executions.last_received_time IS 'When its span was received here; of what has not ended, the newest of its children';

COMMENT ON COLUMN friendly.spans.junjo_runtime_id IS 'Runtime id of the Junjo executable, or of the agent whose operation it is';
