-- What members bring from elsewhere: a file each, and the things that came of it, so that they can be taken back and come but once.

-- +goose Up
CREATE TABLE import (
    member     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    kind       BIGINT NOT NULL, -- core/bring
    state      BIGINT NOT NULL,
    name       TEXT   NOT NULL,
    title      TEXT   NOT NULL,
    visibility BIGINT NOT NULL,
    comments   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    ended_at   BIGINT NOT NULL,
    summary    TEXT   NOT NULL, -- JSON: what the file has
    done       BIGINT NOT NULL,
    steps      BIGINT NOT NULL,
    fresh      BIGINT NOT NULL,
    same       BIGINT NOT NULL,
    failed     BIGINT NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;
CREATE INDEX import_state ON import (state, at, id);

CREATE TABLE brought (
    member BIGINT NOT NULL,
    hash   TEXT   NOT NULL,
    import BIGINT NOT NULL,
    kind   BIGINT NOT NULL,
    thing  BIGINT NOT NULL,
    piece  BIGINT NOT NULL,
    PRIMARY KEY (member, hash)
) WITHOUT ROWID;
CREATE INDEX brought_import ON brought (member, import, kind, thing, piece);

-- +goose Down
DROP TABLE brought;
DROP TABLE import;
