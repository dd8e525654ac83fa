-- API keys. The secret itself is never here: only its SHA-256 and a short prefix by which people know it again.
-- Revoked keys stay, so that "revoked" can be told from "wrong".
CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    sha256       BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    created_ns   INTEGER NOT NULL,
    last_used_ns INTEGER,
    revoked_ns   INTEGER
);
