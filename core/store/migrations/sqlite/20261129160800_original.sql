-- Beside the picture of 640 pixels a photo may have one for large displays and what was sent: files by their hashes, '' none.
-- bytes counts all of them.

-- +goose Up
ALTER TABLE photo ADD COLUMN wide TEXT NOT NULL DEFAULT '';
ALTER TABLE photo ADD COLUMN wide_width BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photo ADD COLUMN wide_height BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photo ADD COLUMN original TEXT NOT NULL DEFAULT '';
ALTER TABLE photo ADD COLUMN original_type TEXT NOT NULL DEFAULT '';
CREATE INDEX photo_wide ON photo (wide) WHERE wide <> '';
CREATE INDEX photo_original ON photo (original) WHERE original <> '';
