-- Members, friends, diaries, comments and photos.
-- Times are Unix milliseconds, booleans 0 or 1, ids 63-bit (core.ID). The member a row belongs to leads its key, so that
-- the tables can be distributed by it; the lists that are read often (friend_diary, newest_diary, commented) are
-- written when an entry is, and nothing is counted or sorted when a page is shown.

-- +goose Up
CREATE TABLE member (
    id               BIGINT NOT NULL PRIMARY KEY,
    name             TEXT   NOT NULL,
    status           BIGINT NOT NULL DEFAULT 0, -- core.Status
    language         TEXT   NOT NULL DEFAULT '',
    password         TEXT   NOT NULL DEFAULT '', -- PHC string
    photo            BIGINT NOT NULL DEFAULT 0,  -- photo.id of the main photo; 0: none
    diary_visibility BIGINT NOT NULL,            -- core.Visibility of new entries
    friends          BIGINT NOT NULL DEFAULT 0,
    created_at       BIGINT NOT NULL,
    last_login_at    BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE mail (
    address TEXT   NOT NULL PRIMARY KEY, -- core.NormalMail
    member  BIGINT NOT NULL
);
CREATE INDEX mail_member ON mail (member);

CREATE TABLE profile (
    member     BIGINT NOT NULL,
    field      TEXT   NOT NULL, -- core.ProfileFields
    value      TEXT   NOT NULL,
    visibility BIGINT NOT NULL,
    PRIMARY KEY (member, field)
) WITHOUT ROWID;

CREATE TABLE session (
    key        TEXT   NOT NULL PRIMARY KEY, -- keyed hash of the token
    member     BIGINT NOT NULL,
    client     TEXT   NOT NULL,
    easy       BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_member ON session (member);

CREATE TABLE login_try (
    key        TEXT   NOT NULL PRIMARY KEY, -- keyed hash of the address
    failed     BIGINT NOT NULL,
    wait_until BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE form_once (
    member  BIGINT NOT NULL,
    nonce   TEXT   NOT NULL,
    result  TEXT   NOT NULL,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (member, nonce)
) WITHOUT ROWID;
CREATE INDEX form_once_sent ON form_once (sent_at);

CREATE TABLE friend ( -- two rows for each friendship
    member       BIGINT NOT NULL,
    friend       BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    PRIMARY KEY (member, friend)
) WITHOUT ROWID;

CREATE TABLE block (
    member     BIGINT NOT NULL,
    blocked    BIGINT NOT NULL,
    blocked_at BIGINT NOT NULL,
    PRIMARY KEY (member, blocked)
) WITHOUT ROWID;

CREATE TABLE diary (
    member        BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    title         TEXT   NOT NULL,
    body          TEXT   NOT NULL,
    visibility    BIGINT NOT NULL,
    comments_open BIGINT NOT NULL,
    comments      BIGINT NOT NULL DEFAULT 0,
    photos        BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL, -- of the newest comment, or of the entry
    PRIMARY KEY (member, id)
) WITHOUT ROWID;

CREATE TABLE friend_diary ( -- fan-out: what member's friends wrote
    member BIGINT NOT NULL,
    diary  BIGINT NOT NULL,
    owner  BIGINT NOT NULL,
    PRIMARY KEY (member, diary, owner)
) WITHOUT ROWID;

CREATE TABLE newest_diary ( -- entries that everyone may see
    diary BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    PRIMARY KEY (diary, owner)
) WITHOUT ROWID;

CREATE TABLE comment (
    owner      BIGINT NOT NULL, -- of the entry
    diary      BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    author     BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, diary, id)
) WITHOUT ROWID;

CREATE TABLE commented ( -- entries of others that member commented on
    member     BIGINT NOT NULL,
    owner      BIGINT NOT NULL,
    diary      BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (member, owner, diary)
) WITHOUT ROWID;
CREATE INDEX commented_newest ON commented (member, updated_at);
CREATE INDEX commented_entry ON commented (owner, diary);

CREATE TABLE photo (
    member     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    hash       TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    kind       BIGINT NOT NULL DEFAULT 0, -- core.Attachment
    owner      BIGINT NOT NULL DEFAULT 0, -- of the thing it is attached to
    thing      BIGINT NOT NULL DEFAULT 0,
    place      BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;
CREATE INDEX photo_attached ON photo (owner, thing, kind, place);

-- +goose Down
DROP TABLE photo;
DROP TABLE commented;
DROP TABLE comment;
DROP TABLE newest_diary;
DROP TABLE friend_diary;
DROP TABLE diary;
DROP TABLE block;
DROP TABLE friend;
DROP TABLE form_once;
DROP TABLE login_try;
DROP TABLE session;
DROP TABLE profile;
DROP TABLE mail;
DROP TABLE member;
