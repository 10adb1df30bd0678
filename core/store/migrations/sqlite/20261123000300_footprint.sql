-- Footprints: who visited whom, and each member's book of them.

-- +goose Up
CREATE TABLE footprint (
    member     BIGINT NOT NULL, -- who was visited
    visitor    BIGINT NOT NULL,
    day        BIGINT NOT NULL, -- of the visit in the site's zone, 20070303
    visited_at BIGINT NOT NULL, -- newest of the day
    PRIMARY KEY (member, visitor, day)
) WITHOUT ROWID;
CREATE INDEX footprint_newest ON footprint (member, visited_at);

CREATE TABLE footprint_book (
    member     BIGINT NOT NULL PRIMARY KEY,
    total      BIGINT NOT NULL DEFAULT 0, -- of visits, also of those whose lines are gone
    round      BIGINT NOT NULL DEFAULT 0, -- the number the member waits for; 0: none
    reached    BIGINT NOT NULL DEFAULT 0, -- the last such number that came; 0: none yet
    reached_by BIGINT NOT NULL DEFAULT 0,
    reached_at BIGINT NOT NULL DEFAULT 0,
    news       BIGINT NOT NULL DEFAULT 0, -- the member has not looked since
    stealth    BIGINT NOT NULL DEFAULT 0  -- the member leaves no footprints, where the operator allows it
) WITHOUT ROWID;

-- +goose Down
DROP TABLE footprint_book;
DROP TABLE footprint;
