-- Which words the texts of spans hold, so that a rare one is found without reading all of them (store/word_index.py).
-- Spans are taken together by their time of reception: in groups, and in each up to 16 slots. What no group covers is
-- read plainly.

CREATE TABLE word_groups (
    number                   INTEGER NOT NULL,
    after_ns                 BIGINT NOT NULL,      -- it has every span received after this …
    ends_ns                  BIGINT[] NOT NULL,    -- … and until the last of these, which end its slots
    span_count               BIGINT NOT NULL       -- when it was read; those that were deleted since are not taken off
);

CREATE TABLE words (
    id                       INTEGER NOT NULL,
    word                     VARCHAR NOT NULL      -- small letters; '' stands for words that are too long, or too many
);

CREATE TABLE word_places (
    group_number             INTEGER NOT NULL,
    word_id                  INTEGER NOT NULL,
    slots                    UINTEGER NOT NULL     -- a bit for each slot that has the word, the lowest for the first
);
