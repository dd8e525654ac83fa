-- Lists that people want to see again: what is asked, of what, and how it is laid out. Names are told apart without
-- regard to the case of letters, and are those of all lists together: the command line knows a view by its name alone.
CREATE TABLE saved_views (
    name       TEXT PRIMARY KEY COLLATE NOCASE,
    page       TEXT NOT NULL,     -- the list it is a view of: traces, workflows, …
    subject    TEXT NOT NULL,     -- what the query is asked of: traces, spans, runs, logs
    query      TEXT NOT NULL,
    filters    TEXT NOT NULL,     -- JSON object: what narrows the list beside the query, as its page knows it
    columns    TEXT NOT NULL,     -- JSON array: order, width and visibility of the columns
    sort_key   TEXT NOT NULL,
    descending INTEGER NOT NULL CHECK (descending IN (0, 1)),
    changed_ns INTEGER NOT NULL   -- when it was saved last, nanoseconds since the epoch
) WITHOUT ROWID;
