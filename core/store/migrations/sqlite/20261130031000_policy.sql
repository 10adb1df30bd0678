-- What an operator decides about the site: its choices, terms, bans, announcements; who invited whom; who is about to be removed.

-- +goose Up
CREATE TABLE site_setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL -- JSON
) WITHOUT ROWID;

CREATE TABLE site_picture ( -- a logo, or an advertisement
    id     BIGINT NOT NULL PRIMARY KEY,
    hash   TEXT   NOT NULL,
    type   TEXT   NOT NULL,
    width  BIGINT NOT NULL,
    height BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX site_picture_hash ON site_picture (hash);

CREATE TABLE terms (
    version  BIGINT NOT NULL PRIMARY KEY,
    at       BIGINT NOT NULL,
    japanese TEXT   NOT NULL,
    english  TEXT   NOT NULL,
    operator TEXT   NOT NULL
) WITHOUT ROWID;

CREATE TABLE terms_agreed (
    member  BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (member, version)
) WITHOUT ROWID;

CREATE TABLE ban (
    id       BIGINT NOT NULL PRIMARY KEY,
    kind     BIGINT NOT NULL, -- policy.BanKind
    value    TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    until    BIGINT NOT NULL, -- 0: until it is ended
    at       BIGINT NOT NULL,
    operator TEXT   NOT NULL
) WITHOUT ROWID;

CREATE TABLE announcement (
    id         BIGINT NOT NULL PRIMARY KEY,
    title      TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    device     TEXT   NOT NULL, -- pc, handset; '': both
    premium    TEXT   NOT NULL, -- yes, no; '': both
    prefecture TEXT   NOT NULL, -- '': all
    since      BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    mail       BIGINT NOT NULL,
    mailed     BIGINT NOT NULL, -- members up to this ID have been written to
    mailed_at  BIGINT NOT NULL, -- 0: not all
    operator   TEXT   NOT NULL
) WITHOUT ROWID;

CREATE TABLE inviter ( -- who invited a member, whatever their mail address is now
    member  BIGINT NOT NULL PRIMARY KEY,
    inviter BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX inviter_of ON inviter (inviter, member);
INSERT INTO inviter (member, inviter) SELECT a.member, min(i.inviter) FROM mail a JOIN invitation i ON i.address = a.address AND i.state = 1 AND i.inviter <> 0 GROUP BY a.member;

CREATE TABLE removal ( -- of a member by an operator, who can take it back until it is due
    member   BIGINT NOT NULL PRIMARY KEY,
    at       BIGINT NOT NULL,
    due      BIGINT NOT NULL,
    reason   TEXT   NOT NULL,
    operator TEXT   NOT NULL
) WITHOUT ROWID;
CREATE INDEX removal_due ON removal (due);

CREATE TABLE filter_word ( -- what holds a text for review
    word     TEXT   NOT NULL PRIMARY KEY, -- folded
    shown    TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    operator TEXT   NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE filter_word;
DROP TABLE removal;
DROP TABLE inviter;
DROP TABLE announcement;
DROP TABLE ban;
DROP TABLE terms_agreed;
DROP TABLE terms;
DROP TABLE site_picture;
DROP TABLE site_setting;
