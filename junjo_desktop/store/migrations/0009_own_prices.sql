-- The user's own prices by which calls were priced: a copy of those in the state file, taken in one transaction with the
-- mark that calls are to be priced again (store/own_prices.py). US dollars for a million tokens.
CREATE TABLE own_prices (
    model        VARCHAR NOT NULL,
    input        DOUBLE NOT NULL,
    output       DOUBLE NOT NULL,
    cache_read   DOUBLE,
    cache_write  DOUBLE
);
