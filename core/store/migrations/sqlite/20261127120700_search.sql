-- What the search index does not know yet. The index itself is a file of its own: it can be made again from these tables.

-- +goose Up
CREATE TABLE search_note ( -- things written, changed or deleted since the index was last put on disk
    member BIGINT NOT NULL, -- whose thing it is
    kind   BIGINT NOT NULL, -- core.SearchKind
    id     BIGINT NOT NULL,
    n      BIGINT NOT NULL, -- grows with every note
    PRIMARY KEY (member, kind, id)
) WITHOUT ROWID;
CREATE INDEX search_note_n ON search_note (n);

CREATE TABLE search_filling ( -- which filling of the index belongs to this database; no row: none, it must be filled anew
    one   BIGINT NOT NULL PRIMARY KEY, -- 1
    id    BIGINT NOT NULL,
    seals BIGINT NOT NULL -- how often it was put on disk
);

-- +goose Down
DROP TABLE search_filling;
DROP TABLE search_note;
