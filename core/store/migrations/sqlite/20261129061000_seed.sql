-- A letter has the token of its link only when it is sent: until then a seed stands for it, afterwards nothing (SEC-104). Of
-- letters that were sent before, nobody can tell what in them is a token.

-- +goose Up
ALTER TABLE outbox ADD COLUMN seed TEXT NOT NULL DEFAULT '';
UPDATE outbox SET body = '' WHERE sent_at > 0;

-- +goose Down
ALTER TABLE outbox DROP COLUMN seed;
