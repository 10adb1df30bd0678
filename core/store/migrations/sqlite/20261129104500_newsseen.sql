-- What a member was told and has looked at: the page of notices has it for 90 days. Apart from news, so that home reads no more.

-- +goose Up
CREATE TABLE news_seen (
    member BIGINT NOT NULL,
    kind   BIGINT NOT NULL,
    actor  BIGINT NOT NULL,
    thing  BIGINT NOT NULL,
    n      BIGINT NOT NULL,
    at     BIGINT NOT NULL, -- of the newest
    PRIMARY KEY (member, kind, actor, thing)
) WITHOUT ROWID;
CREATE INDEX news_seen_member ON news_seen (member, at);
CREATE INDEX news_seen_actor ON news_seen (actor);
CREATE INDEX news_seen_at ON news_seen (at);

-- +goose Down
DROP TABLE news_seen;
