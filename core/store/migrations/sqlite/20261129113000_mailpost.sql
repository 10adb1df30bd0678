-- Posting by mail: secret addresses, the letters that came, what was answered. Letters that go out: which they answer.

-- +goose Up
CREATE TABLE post_address (
    hash       TEXT   NOT NULL PRIMARY KEY, -- keyed, of the secret in the address
    member     BIGINT NOT NULL,
    purpose    BIGINT NOT NULL, -- mailpost.Purpose
    kind       BIGINT NOT NULL DEFAULT 0, -- talk.Kind of the thread
    owner      BIGINT NOT NULL DEFAULT 0, -- of the thread, or album
    thing      BIGINT NOT NULL DEFAULT 0,
    piece      BIGINT NOT NULL DEFAULT 0,
    seed       TEXT   NOT NULL, -- the secret is made of it
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX post_address_target ON post_address (member, purpose, kind, owner, thing, piece);
CREATE INDEX post_address_owner ON post_address (owner);

CREATE TABLE post_seen (
    hash TEXT   NOT NULL PRIMARY KEY, -- keyed, of address and Message-ID
    at   BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX post_seen_at ON post_seen (at);

CREATE TABLE post_answer (
    member BIGINT NOT NULL,
    kind   TEXT   NOT NULL, -- of the mistake
    at     BIGINT NOT NULL,
    PRIMARY KEY (member, kind)
) WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN answers TEXT NOT NULL DEFAULT ''; -- Message-ID of the letter that it answers

-- +goose Down
ALTER TABLE outbox DROP COLUMN answers;
DROP TABLE post_answer;
DROP TABLE post_seen;
DROP TABLE post_address;
