-- Albums of one title become one when their artists do.

-- +goose Up
ALTER TABLE music_album ADD COLUMN merged BIGINT NOT NULL DEFAULT 0; -- the album it is another spelling of

-- +goose Down
ALTER TABLE music_album DROP COLUMN merged;
