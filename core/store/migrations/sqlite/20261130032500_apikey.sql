-- Keys that members give to programs, for one purpose each, and the messages of WSSE that came within a day.

-- +goose Up
CREATE TABLE api_key (
    id      BIGINT NOT NULL PRIMARY KEY, -- the key is made of it and the secret
    member  BIGINT NOT NULL,
    purpose BIGINT NOT NULL, -- core/elsewhere
    name    TEXT   NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX api_key_member ON api_key (member, id);

CREATE TABLE wsse_nonce (
    hash TEXT   NOT NULL PRIMARY KEY,
    at   BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX wsse_nonce_at ON wsse_nonce (at);

-- +goose Down
DROP TABLE wsse_nonce;
DROP TABLE api_key;
