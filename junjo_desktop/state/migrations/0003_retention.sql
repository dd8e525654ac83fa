-- What retention has to know of its own past, so that a clock that jumps makes it neither delete nor keep too much.
-- One row. Times are nanoseconds since the epoch.
CREATE TABLE retention (
    only           INTEGER PRIMARY KEY CHECK (only = 1),
    believed_ns    INTEGER NOT NULL,  -- the time it was, as far as that was believed
    done_before_ns INTEGER NOT NULL,  -- everything that was received before has been removed
    odd_count      INTEGER NOT NULL,  -- traces, logs and metrics whose time of reception cannot be right
    odd_since_ns   INTEGER NOT NULL   -- when there were more of them than before, for the last time
);
