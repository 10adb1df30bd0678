-- +goose Up
ALTER TABLE community_thread ADD COLUMN hidden BIGINT NOT NULL DEFAULT 0; -- 1: an operator keeps it out of sight
ALTER TABLE community_comment ADD COLUMN hidden BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE community_comment DROP COLUMN hidden;
ALTER TABLE community_thread DROP COLUMN hidden;
