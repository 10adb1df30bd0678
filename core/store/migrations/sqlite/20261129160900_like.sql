-- Who likes (いいね) which thing that takes comments, or which comment on it (comment 0: the thing itself).

-- +goose Up
CREATE TABLE liked (
    owner   BIGINT NOT NULL,
    kind    BIGINT NOT NULL, -- of the thread, core/talk
    thing   BIGINT NOT NULL,
    piece   BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    member  BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (owner, kind, thing, piece, comment, member)
) WITHOUT ROWID;
CREATE INDEX liked_member ON liked (member);
