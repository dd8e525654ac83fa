-- A huge request is stored in portions. Of the request behind `position`, so many rows are stored already.

ALTER TABLE intake_position ADD COLUMN rows_of_next BIGINT DEFAULT 0;
