-- Friend requests, endorsements, introductions and friends' birthdays. The member whose page shows a row leads its key.

-- +goose Up
ALTER TABLE friend ADD COLUMN on_home BIGINT NOT NULL DEFAULT 1; -- whether home shows the friend's entries

CREATE TABLE friend_request ( -- two rows for each request: one with the sender, one with the receiver
    member   BIGINT NOT NULL,
    incoming BIGINT NOT NULL,
    other    BIGINT NOT NULL,
    message  TEXT   NOT NULL,
    sent_at  BIGINT NOT NULL,
    PRIMARY KEY (member, incoming, other)
) WITHOUT ROWID;

CREATE TABLE endorsement (
    member       BIGINT NOT NULL, -- whom it is about
    author       BIGINT NOT NULL,
    relationship TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    written_at   BIGINT NOT NULL,
    PRIMARY KEY (member, author)
) WITHOUT ROWID;
CREATE INDEX endorsement_newest ON endorsement (member, written_at);

CREATE TABLE endorsed ( -- the same from the author's side
    member     BIGINT NOT NULL,
    about      BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    PRIMARY KEY (member, about)
) WITHOUT ROWID;

CREATE TABLE introduction ( -- introducer tells member about a friend
    member     BIGINT NOT NULL,
    introduced BIGINT NOT NULL,
    introducer BIGINT NOT NULL,
    message    TEXT   NOT NULL,
    sent_at    BIGINT NOT NULL,
    PRIMARY KEY (member, introduced, introducer)
) WITHOUT ROWID;

CREATE TABLE friend_birthday ( -- fan-out: the birthdays of member's friends, as month * 100 + day
    member BIGINT NOT NULL,
    day    BIGINT NOT NULL,
    friend BIGINT NOT NULL,
    PRIMARY KEY (member, day, friend)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE friend_birthday;
DROP TABLE introduction;
DROP TABLE endorsed;
DROP TABLE endorsement;
DROP TABLE friend_request;
ALTER TABLE friend DROP COLUMN on_home;
