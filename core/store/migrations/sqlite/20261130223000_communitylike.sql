-- Who likes a topic, an event, a poll or a comment there, counted beside it.

-- +goose Up
CREATE TABLE community_liked (
    community BIGINT NOT NULL,
    thread    BIGINT NOT NULL,
    comment   BIGINT NOT NULL, -- 0: the thread itself
    member    BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (community, thread, comment, member)
) WITHOUT ROWID;
CREATE INDEX community_liked_member ON community_liked (member, community, thread);
ALTER TABLE community_thread ADD COLUMN likes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE community_comment ADD COLUMN likes BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE community_comment DROP COLUMN likes;
ALTER TABLE community_thread DROP COLUMN likes;
DROP TABLE community_liked;
