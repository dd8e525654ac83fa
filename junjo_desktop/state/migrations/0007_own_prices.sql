-- What models cost that no price table knows, or knows otherwise: US dollars for a million tokens. `model` is the name
-- as it is called, or PROVIDER/MODEL. NULL: as the table of prices has it, that is like other input tokens.
CREATE TABLE own_prices (
    model       TEXT PRIMARY KEY,
    input       REAL NOT NULL,
    output      REAL NOT NULL,
    cache_read  REAL,
    cache_write REAL
) WITHOUT ROWID;
