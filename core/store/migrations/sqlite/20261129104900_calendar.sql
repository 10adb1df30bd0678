-- Dates that members note for themselves, and the addresses at which their calendar programs fetch them.

-- +goose Up
CREATE TABLE plan (
    member     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    title      TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    day        BIGINT NOT NULL, -- year * 10000 + month * 100 + day
    time       BIGINT NOT NULL, -- minutes of the day + 1; 0: all day
    last       BIGINT NOT NULL, -- its last day; 0: it has one
    edition    BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;
CREATE INDEX plan_day ON plan (member, day);

CREATE TABLE calendar_feed (
    member     BIGINT NOT NULL PRIMARY KEY,
    seed       TEXT   NOT NULL, -- of the token, which is made of it and the secret
    hash       TEXT   NOT NULL, -- of the token
    made_at    BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL DEFAULT 0,
    program    TEXT   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX calendar_feed_hash ON calendar_feed (hash);

-- +goose Down
DROP TABLE calendar_feed;
DROP TABLE plan;
