-- Communities about artists, and pictures of artists, which the operator sets.

-- +goose Up
CREATE TABLE music_link (
    community BIGINT NOT NULL,
    artist    BIGINT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (community, artist)
) WITHOUT ROWID;
CREATE INDEX music_link_artist ON music_link (artist);

CREATE TABLE music_picture (
    artist BIGINT NOT NULL PRIMARY KEY,
    type   TEXT   NOT NULL,
    width  BIGINT NOT NULL,
    height BIGINT NOT NULL,
    hash   TEXT   NOT NULL,
    data   TEXT   NOT NULL -- in base64
);

-- +goose Down
DROP TABLE music_picture;
DROP TABLE music_link;
