-- Bookmarks of members.

-- +goose Up
CREATE TABLE bookmark (
    member   BIGINT NOT NULL,
    other    BIGINT NOT NULL, -- the bookmarked member, who does not learn of it
    added_at BIGINT NOT NULL,
    PRIMARY KEY (member, other)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE bookmark;
