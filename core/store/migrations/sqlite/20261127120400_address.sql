-- Mail addresses that members change, and the one that waits until its owner opens the link.

-- +goose Up
ALTER TABLE mail ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0; -- 0: the address of the registration

CREATE TABLE mail_wish (
    member     BIGINT NOT NULL PRIMARY KEY,
    address    TEXT   NOT NULL, -- core.NormalMail
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE mail_wish;
ALTER TABLE mail DROP COLUMN changed_at;
