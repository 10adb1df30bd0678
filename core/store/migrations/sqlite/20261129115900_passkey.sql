-- Passkeys: keys of members' own devices, which open an account without a password.

-- +goose Up
CREATE TABLE passkey (
    member     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    credential TEXT   NOT NULL,
    data       TEXT   NOT NULL, -- the public key and its counters
    name       TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    used_at    BIGINT NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX passkey_credential ON passkey (credential);

-- +goose Down
DROP TABLE passkey;
