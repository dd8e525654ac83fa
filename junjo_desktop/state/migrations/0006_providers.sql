-- What the user has set of model providers. Secrets are not here: they are in the system keyring, by these names.
CREATE TABLE providers (
    name TEXT PRIMARY KEY,
    base_url TEXT,
    header_names TEXT NOT NULL DEFAULT '[]', -- a JSON array; their values are secrets
    has_key INTEGER NOT NULL DEFAULT 0
) STRICT;
