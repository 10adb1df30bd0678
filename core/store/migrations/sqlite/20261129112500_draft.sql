-- Drafts of diary entries: begun on one device, finished on any.

-- +goose Up
CREATE TABLE diary_draft (
    member        BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    title         TEXT   NOT NULL,
    body          TEXT   NOT NULL,
    visibility    BIGINT NOT NULL,
    comments_open BIGINT NOT NULL,
    category      BIGINT NOT NULL,
    saved_at      BIGINT NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE diary_draft;
