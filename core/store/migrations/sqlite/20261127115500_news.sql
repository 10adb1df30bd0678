-- News that waits for each member, and who is told what by mail.

-- +goose Up
CREATE TABLE news (
    member BIGINT NOT NULL, -- who is told
    kind   BIGINT NOT NULL, -- core.NewsKind
    actor  BIGINT NOT NULL, -- who did it
    thing  BIGINT NOT NULL, -- what it is about; 0: nothing but the actor
    n      BIGINT NOT NULL,
    since  BIGINT NOT NULL, -- of the first of them
    at     BIGINT NOT NULL, -- of the newest
    PRIMARY KEY (member, kind, actor, thing)
) WITHOUT ROWID;

INSERT INTO news SELECT member, 0, other, 0, 1, sent_at, sent_at FROM friend_request WHERE incoming = 1;
INSERT INTO news SELECT member, 1, other, id, 1, created_at, created_at FROM message WHERE unread = 1 AND folder = 0;
INSERT INTO news SELECT member, 3, introducer, introduced, 1, sent_at, sent_at FROM introduction;
INSERT INTO news SELECT member, 6, reached_by, reached, 1, reached_at, reached_at FROM footprint_book WHERE news = 1;
ALTER TABLE footprint_book DROP COLUMN news;
DROP INDEX message_unread;

CREATE TABLE news_letter ( -- what a member chose; without a row it is as core.NewsKinds says
    member  BIGINT NOT NULL,
    kind    BIGINT NOT NULL,
    pc      BIGINT NOT NULL,
    handset BIGINT NOT NULL,
    PRIMARY KEY (member, kind)
) WITHOUT ROWID;

CREATE TABLE told ( -- the letters of the last hour
    member BIGINT NOT NULL,
    kind   BIGINT NOT NULL,
    about  BIGINT NOT NULL, -- the thing or the actor of the news
    at     BIGINT NOT NULL,
    PRIMARY KEY (member, kind, about)
) WITHOUT ROWID;
CREATE INDEX told_at ON told (at);

-- +goose Down
DROP TABLE told;
DROP TABLE news_letter;
CREATE INDEX message_unread ON message (member) WHERE unread = 1 AND folder = 0;
ALTER TABLE footprint_book ADD COLUMN news BIGINT NOT NULL DEFAULT 0;
DROP TABLE news;
