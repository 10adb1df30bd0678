-- Films. A film is a photo of an album, which is its picture, with a row here beside it. The row is also the job to make its files.

-- +goose Up
CREATE TABLE film (
    member        BIGINT NOT NULL, -- the owner
    photo         BIGINT NOT NULL, -- photo.id
    state         BIGINT NOT NULL DEFAULT 0, -- album.FilmState
    reason        TEXT   NOT NULL DEFAULT '', -- key of the sentence why it failed
    source        TEXT   NOT NULL, -- blob that came; '': its files are made
    bytes         BIGINT NOT NULL, -- kept, as quotas count them: of the source, then of the files
    length        BIGINT NOT NULL, -- milliseconds
    created_at    BIGINT NOT NULL,
    worker        BIGINT NOT NULL DEFAULT 0, -- who makes the files
    claimed_until BIGINT NOT NULL DEFAULT 0, -- and until when that is believed
    tries         BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (member, photo)
) WITHOUT ROWID;
CREATE INDEX film_waiting ON film (photo) WHERE state = 0;
CREATE INDEX film_source ON film (source);

CREATE TABLE film_part (
    member BIGINT NOT NULL,
    photo  BIGINT NOT NULL,
    way    TEXT   NOT NULL, -- for whom: carriers.Film
    part   BIGINT NOT NULL, -- from 1
    type   TEXT   NOT NULL,
    hash   TEXT   NOT NULL, -- blob
    bytes  BIGINT NOT NULL,
    length BIGINT NOT NULL, -- milliseconds
    PRIMARY KEY (member, photo, way, part)
) WITHOUT ROWID;
CREATE INDEX film_part_hash ON film_part (hash);

CREATE TABLE film_tag (
    member BIGINT NOT NULL,
    photo  BIGINT NOT NULL,
    place  BIGINT NOT NULL,
    tag    TEXT   NOT NULL,
    folded TEXT   NOT NULL, -- by which it is found
    PRIMARY KEY (member, photo, place)
) WITHOUT ROWID;
CREATE INDEX film_tag_found ON film_tag (folded, photo);

ALTER TABLE album_room ADD COLUMN films BIGINT NOT NULL DEFAULT 0;
ALTER TABLE album_room ADD COLUMN film_bytes BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE album_room DROP COLUMN film_bytes;
ALTER TABLE album_room DROP COLUMN films;
DROP TABLE film_tag;
DROP TABLE film_part;
DROP TABLE film;
