-- The second step of a login: a code of the member's own device, or a recovery code.

-- +goose Up
CREATE TABLE second_step (
    member BIGINT NOT NULL,
    secret TEXT   NOT NULL, -- sealed with a key that is not in the database
    used   BIGINT NOT NULL, -- the step of the last code
    since  BIGINT NOT NULL,
    PRIMARY KEY (member)
) WITHOUT ROWID;
CREATE TABLE recovery_code (
    member BIGINT NOT NULL,
    hash   TEXT   NOT NULL,
    PRIMARY KEY (member, hash)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE recovery_code;
DROP TABLE second_step;
