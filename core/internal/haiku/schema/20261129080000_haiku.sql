-- Haiku, and what is said to them.

-- +goose Up
CREATE TABLE haiku (
    member     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    text       TEXT   NOT NULL,
    visibility BIGINT NOT NULL,
    comments   BIGINT NOT NULL DEFAULT 0,
    photos     BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (member, id)
);
CREATE INDEX haiku_by_id ON haiku (id);

CREATE TABLE haiku_comment (
    owner      BIGINT NOT NULL,
    haiku      BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    author     BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, haiku, id)
);
CREATE INDEX haiku_comment_by_author ON haiku_comment (author);

-- +goose Down
DROP TABLE haiku_comment;
DROP TABLE haiku;
