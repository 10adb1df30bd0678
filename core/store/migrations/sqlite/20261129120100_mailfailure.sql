-- Addresses that letters do not reach, and letters that can be ended with one press.

-- +goose Up
CREATE TABLE mail_failure (
    hash        TEXT   NOT NULL PRIMARY KEY, -- keyed, of the address
    failed      BIGINT NOT NULL, -- letters in a row for which there was no such address
    at          BIGINT NOT NULL,
    filtered_at BIGINT NOT NULL -- a filter of its owner's refused one; 0: none did
) WITHOUT ROWID;

ALTER TABLE outbox ADD COLUMN list TEXT NOT NULL DEFAULT ''; -- kind of letters that it is one of

-- +goose Down
ALTER TABLE outbox DROP COLUMN list;
DROP TABLE mail_failure;
