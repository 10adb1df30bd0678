-- Photo albums. A photo of an album is a row of photo with kind 4 (core.AlbumPhoto), the album's owner as member and owner, and
-- the album as thing.

-- +goose Up
CREATE TABLE album (
    member        BIGINT NOT NULL, -- the owner
    id            BIGINT NOT NULL,
    title         TEXT   NOT NULL,
    note          TEXT   NOT NULL,
    visibility    BIGINT NOT NULL,
    password      TEXT   NOT NULL DEFAULT '', -- PHC string; '': none is asked for
    protected     BIGINT NOT NULL, -- handsets are asked not to pass its pictures on
    comments_open BIGINT NOT NULL,
    cover         BIGINT NOT NULL DEFAULT 0, -- photo.id; 0: the album is empty
    photos        BIGINT NOT NULL DEFAULT 0,
    comments      BIGINT NOT NULL DEFAULT 0, -- on the album itself
    all_comments  BIGINT NOT NULL DEFAULT 0, -- and on its photos
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL, -- of the newest photo, or of the album
    PRIMARY KEY (member, id)
) WITHOUT ROWID;

CREATE TABLE album_comment (
    owner      BIGINT NOT NULL, -- the member whose album it is
    album      BIGINT NOT NULL,
    photo      BIGINT NOT NULL, -- 0: on the album itself
    id         BIGINT NOT NULL,
    author     BIGINT NOT NULL, -- the member who wrote it
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, album, photo, id)
) WITHOUT ROWID;
CREATE INDEX album_comment_author ON album_comment (author);

CREATE TABLE friend_album ( -- fan-out: what member's friends put up
    member     BIGINT NOT NULL, -- whose list it is
    owner      BIGINT NOT NULL, -- the friend
    album      BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (member, owner, album)
) WITHOUT ROWID;
CREATE INDEX friend_album_newest ON friend_album (member, updated_at);

CREATE TABLE album_room ( -- what a member's albums take up
    member  BIGINT NOT NULL PRIMARY KEY,
    albums  BIGINT NOT NULL,
    photos  BIGINT NOT NULL,
    bytes   BIGINT NOT NULL,
    hour    BIGINT NOT NULL, -- of the newest upload, in hours since 1970
    uploads BIGINT NOT NULL  -- within that hour
);

CREATE TABLE album_open ( -- passwords that were given: for one session, and only while the password stays
    member  BIGINT NOT NULL, -- who gave it
    session TEXT   NOT NULL, -- session.key
    owner   BIGINT NOT NULL, -- the member whose album it is
    album   BIGINT NOT NULL,
    PRIMARY KEY (member, session, owner, album)
) WITHOUT ROWID;
CREATE INDEX album_open_album ON album_open (owner, album);

ALTER TABLE photo ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE photo ADD COLUMN caption TEXT NOT NULL DEFAULT ''; -- of photos in albums
ALTER TABLE photo ADD COLUMN comments BIGINT NOT NULL DEFAULT 0; -- on photos in albums

-- +goose Down
ALTER TABLE photo DROP COLUMN comments;
ALTER TABLE photo DROP COLUMN caption;
ALTER TABLE photo DROP COLUMN bytes;
DROP TABLE album_open;
DROP TABLE album_room;
DROP TABLE friend_album;
DROP TABLE album_comment;
DROP TABLE album;
