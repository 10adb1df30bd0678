-- Those who run the service, and what they did.

-- +goose Up
CREATE TABLE operator (
    id         BIGINT NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    role       BIGINT NOT NULL, -- operator.Role
    password   TEXT   NOT NULL,
    totp       TEXT   NOT NULL, -- sealed with a key of the secret file
    used       BIGINT NOT NULL, -- the step of the last code
    created_at BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX operator_name ON operator (name);

CREATE TABLE operator_session (
    key        TEXT   NOT NULL PRIMARY KEY,
    operator   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE operator_act (
    id       BIGINT NOT NULL PRIMARY KEY,
    at       BIGINT NOT NULL,
    operator TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    member   BIGINT NOT NULL,
    object   TEXT   NOT NULL,
    before   TEXT   NOT NULL,
    after    TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    peer     TEXT   NOT NULL,
    folded   TEXT   NOT NULL -- for the search
) WITHOUT ROWID;
CREATE INDEX operator_act_member ON operator_act (member, id);

-- +goose Down
DROP TABLE operator_act;
DROP TABLE operator_session;
DROP TABLE operator;
