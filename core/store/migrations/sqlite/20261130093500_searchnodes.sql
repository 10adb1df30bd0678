-- Several processes on one database have a search index each: a row for each index, and the notes stay until every one has them.

-- +goose Up
ALTER TABLE search_filling ADD COLUMN sealed BIGINT NOT NULL DEFAULT 0; -- search_note.n up to which it is on that index's disk
ALTER TABLE search_filling ADD COLUMN seen BIGINT NOT NULL DEFAULT 0; -- when that index was last put on disk; 0 where there is one

-- +goose Down
ALTER TABLE search_filling DROP COLUMN seen;
ALTER TABLE search_filling DROP COLUMN sealed;
