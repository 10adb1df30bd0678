-- Addresses at which programs fetch one thing of a member's without a login; those of calendars go on as they are.

-- +goose Up
CREATE TABLE feed (
    member     BIGINT NOT NULL,
    kind       BIGINT NOT NULL, -- core/elsewhere
    thing      BIGINT NOT NULL, -- which community; 0: there is one of the kind
    texts      BIGINT NOT NULL, -- not titles alone
    seed       TEXT   NOT NULL, -- of the token, which is made of it and the secret
    hash       TEXT   NOT NULL, -- of the token
    made_at    BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL DEFAULT 0,
    program    TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (member, kind, thing)
) WITHOUT ROWID;
CREATE UNIQUE INDEX feed_hash ON feed (hash);
INSERT INTO feed (member, kind, thing, texts, seed, hash, made_at, fetched_at, program)
    SELECT member, 0, 0, 0, seed, hash, made_at, fetched_at, program FROM calendar_feed;
DROP TABLE calendar_feed;

-- What of a member's own stands in the feeds of others who may read it.
CREATE TABLE feed_share (
    member BIGINT NOT NULL PRIMARY KEY,
    share  BIGINT NOT NULL -- core/elsewhere
);

-- +goose Down
CREATE TABLE calendar_feed (
    member     BIGINT NOT NULL PRIMARY KEY,
    seed       TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL DEFAULT 0,
    program    TEXT   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX calendar_feed_hash ON calendar_feed (hash);
INSERT INTO calendar_feed (member, seed, hash, made_at, fetched_at, program)
    SELECT member, seed, hash, made_at, fetched_at, program FROM feed WHERE kind = 0;
DROP TABLE feed_share;
DROP TABLE feed;
