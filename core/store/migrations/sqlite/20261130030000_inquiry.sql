-- An operator hides a message from its receiver; an author answers when they are asked about what was reported.

-- +goose Up
ALTER TABLE message ADD COLUMN hidden BIGINT NOT NULL DEFAULT 0;
ALTER TABLE report ADD COLUMN reply TEXT NOT NULL DEFAULT '';
ALTER TABLE report ADD COLUMN replied_at BIGINT NOT NULL DEFAULT 0; -- 0: its author has not said anything

-- +goose Down
ALTER TABLE report DROP COLUMN replied_at;
ALTER TABLE report DROP COLUMN reply;
ALTER TABLE message DROP COLUMN hidden;
