-- Until when every span was looked at for calls of models, and by which version: what was received before need not be
-- looked at again, span by span. Empty: not all were yet.
CREATE TABLE call_looks (
    version    INTEGER NOT NULL,     -- store.call_rows.CALLS_VERSION
    looked_ns  BIGINT NOT NULL
);
