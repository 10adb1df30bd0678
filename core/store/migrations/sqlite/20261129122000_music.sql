-- Music. A play is stored once; what charts show is counted when it comes in and taken back when it goes, so that no chart ever
-- counts rows. A listener is counted when music_listener gets a new row. Periods: core/music/period.go.

-- +goose Up
CREATE TABLE music_member (
    member     BIGINT NOT NULL PRIMARY KEY,
    visibility BIGINT NOT NULL, -- of their plays
    counted    BIGINT NOT NULL, -- 1: in the counters
    plays      BIGINT NOT NULL,
    day        BIGINT NOT NULL, -- on which today were taken
    today      BIGINT NOT NULL,
    now_artist TEXT   NOT NULL DEFAULT '', -- what they hear, until now_until
    now_title  TEXT   NOT NULL DEFAULT '',
    now_album  TEXT   NOT NULL DEFAULT '',
    now_until  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE music_key ( -- one for each player; the key itself is nowhere: it follows from id and our secret
    member  BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    player  TEXT   NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX music_key_id ON music_key (id);

CREATE TABLE music_artist (
    id     BIGINT NOT NULL PRIMARY KEY,
    name   TEXT   NOT NULL, -- as most members spell it
    genre  BIGINT NOT NULL DEFAULT 0,
    fact   BIGINT NOT NULL DEFAULT 0, -- music_fact.id: what its page says
    merged BIGINT NOT NULL DEFAULT 0  -- the artist it is a spelling of
);

CREATE TABLE music_track (
    id     BIGINT NOT NULL PRIMARY KEY,
    artist BIGINT NOT NULL,
    title  TEXT   NOT NULL,
    album  BIGINT NOT NULL DEFAULT 0,
    length BIGINT NOT NULL DEFAULT 0, -- milliseconds
    mbid   TEXT   NOT NULL DEFAULT '',
    merged BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX music_track_artist ON music_track (artist);
CREATE INDEX music_track_album ON music_track (album) WHERE album > 0;

CREATE TABLE music_album (
    id     BIGINT NOT NULL PRIMARY KEY,
    artist BIGINT NOT NULL,
    title  TEXT   NOT NULL
);
CREATE INDEX music_album_artist ON music_album (artist);

CREATE TABLE music_name ( -- what players call things; key is folded, of tracks and albums "artist LF name"
    kind  BIGINT NOT NULL, -- 0 artist, 1 track, 2 album
    key   TEXT   NOT NULL,
    thing BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX music_name_thing ON music_name (thing);

CREATE TABLE music_spelling ( -- other spellings than the one shown, and how many members use them
    kind     BIGINT NOT NULL,
    thing    BIGINT NOT NULL,
    spelling TEXT   NOT NULL,
    votes    BIGINT NOT NULL,
    PRIMARY KEY (kind, thing, spelling)
) WITHOUT ROWID;

CREATE TABLE music_start ( -- where a search may begin in a name
    kind  BIGINT NOT NULL, -- 0 artist, 1 track
    start TEXT   NOT NULL,
    thing BIGINT NOT NULL,
    PRIMARY KEY (kind, start, thing)
) WITHOUT ROWID;

CREATE TABLE music_play (
    member BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    track  BIGINT NOT NULL,
    PRIMARY KEY (member, at, track)
) WITHOUT ROWID;

CREATE TABLE music_heard ( -- of all time
    member BIGINT NOT NULL,
    track  BIGINT NOT NULL,
    artist TEXT   NOT NULL, -- as their player first spelled it
    title  TEXT   NOT NULL,
    plays  BIGINT NOT NULL,
    PRIMARY KEY (member, track)
) WITHOUT ROWID;
CREATE INDEX music_heard_track ON music_heard (track, member);

CREATE TABLE music_listener ( -- while the chart of the period moves
    period BIGINT NOT NULL,
    track  BIGINT NOT NULL,
    member BIGINT NOT NULL,
    PRIMARY KEY (period, track, member)
) WITHOUT ROWID;

CREATE TABLE music_count (
    period    BIGINT NOT NULL, -- 0: all time
    track     BIGINT NOT NULL,
    listeners BIGINT NOT NULL,
    plays     BIGINT NOT NULL,
    PRIMARY KEY (period, track)
) WITHOUT ROWID;
CREATE INDEX music_count_chart ON music_count (period, listeners) WHERE listeners >= 2; -- what one member heard is in no chart

CREATE TABLE music_chart ( -- as it was when nothing moved it any more
    period    BIGINT NOT NULL,
    genre     BIGINT NOT NULL, -- 0: all
    n         BIGINT NOT NULL,
    track     BIGINT NOT NULL,
    listeners BIGINT NOT NULL,
    plays     BIGINT NOT NULL,
    PRIMARY KEY (period, genre, n)
) WITHOUT ROWID;

CREATE TABLE music_kept (
    period  BIGINT NOT NULL PRIMARY KEY,
    cleared BIGINT NOT NULL -- 1: its counters have gone
);

CREATE TABLE music_love (
    member   BIGINT NOT NULL,
    track    BIGINT NOT NULL,
    loved_at BIGINT NOT NULL,
    PRIMARY KEY (member, track)
) WITHOUT ROWID;

CREATE TABLE music_fact (
    artist     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    member     BIGINT NOT NULL, -- 0: who wrote it has left
    text       TEXT   NOT NULL,
    genre      BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (artist, id)
) WITHOUT ROWID;
CREATE INDEX music_fact_member ON music_fact (member, written_at);

CREATE TABLE music_playlist (
    member     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    title      TEXT   NOT NULL,
    note       TEXT   NOT NULL,
    visibility BIGINT NOT NULL,
    closed     BIGINT NOT NULL, -- no comments are wanted
    tracks     BIGINT NOT NULL DEFAULT 0,
    comments   BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;

CREATE TABLE music_playlist_track (
    member   BIGINT NOT NULL,
    playlist BIGINT NOT NULL,
    n        BIGINT NOT NULL,
    track    BIGINT NOT NULL,
    PRIMARY KEY (member, playlist, n)
) WITHOUT ROWID;

CREATE TABLE music_playlist_comment (
    owner      BIGINT NOT NULL,
    playlist   BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    author     BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, playlist, id)
) WITHOUT ROWID;
CREATE INDEX music_playlist_comment_author ON music_playlist_comment (author);

CREATE TABLE music_featured (
    n     BIGINT NOT NULL PRIMARY KEY,
    album BIGINT NOT NULL,
    note  TEXT   NOT NULL
);

CREATE TABLE music_click ( -- links to shops that members followed
    day    BIGINT NOT NULL, -- a period
    shop   TEXT   NOT NULL,
    track  BIGINT NOT NULL,
    clicks BIGINT NOT NULL,
    PRIMARY KEY (day, shop, track)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE music_click;
DROP TABLE music_featured;
DROP TABLE music_playlist_comment;
DROP TABLE music_playlist_track;
DROP TABLE music_playlist;
DROP TABLE music_fact;
DROP TABLE music_love;
DROP TABLE music_kept;
DROP TABLE music_chart;
DROP TABLE music_count;
DROP TABLE music_listener;
DROP TABLE music_heard;
DROP TABLE music_play;
DROP TABLE music_start;
DROP TABLE music_spelling;
DROP TABLE music_name;
DROP TABLE music_album;
DROP TABLE music_track;
DROP TABLE music_artist;
DROP TABLE music_key;
DROP TABLE music_member;
