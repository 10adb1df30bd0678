-- Members who leave, and what they take along.

-- +goose Up
CREATE TABLE leaving ( -- members who have left and whose rows still go
    member    BIGINT NOT NULL PRIMARY KEY,
    left_at   BIGINT NOT NULL,
    purged_at BIGINT NOT NULL DEFAULT 0 -- no row of theirs is left; their blobs and the traces in the file go last
);

CREATE TABLE export (
    member   BIGINT NOT NULL PRIMARY KEY, -- one at a time
    id       BIGINT NOT NULL,
    state    BIGINT NOT NULL, -- core.ExportState
    asked_at BIGINT NOT NULL,
    ready_at BIGINT NOT NULL DEFAULT 0,
    bytes    BIGINT NOT NULL DEFAULT 0,
    language TEXT   NOT NULL
);

ALTER TABLE outbox ADD COLUMN member BIGINT NOT NULL DEFAULT 0; -- the receiver; 0: no member
ALTER TABLE outbox ADD COLUMN about BIGINT NOT NULL DEFAULT 0; -- the member whom the letter names; 0: none
CREATE INDEX outbox_member ON outbox (member) WHERE member > 0;
CREATE INDEX outbox_about ON outbox (about) WHERE about > 0;
CREATE INDEX outbox_address ON outbox (address);
CREATE INDEX invitation_address ON invitation (address);

-- What others have that tells of a member is found when that member leaves.
CREATE INDEX diary_read_owner ON diary_read (owner);
CREATE INDEX footprint_visitor ON footprint (visitor);
CREATE INDEX footprint_book_reached ON footprint_book (reached_by) WHERE reached_by > 0;
CREATE INDEX bookmark_other ON bookmark (other);
CREATE INDEX block_blocked ON block (blocked);
CREATE INDEX introduction_introduced ON introduction (introduced);
CREATE INDEX introduction_introducer ON introduction (introducer);
CREATE INDEX news_actor ON news (actor);
CREATE INDEX told_about ON told (about);

-- +goose Down
DROP INDEX told_about;
DROP INDEX news_actor;
DROP INDEX introduction_introducer;
DROP INDEX introduction_introduced;
DROP INDEX block_blocked;
DROP INDEX bookmark_other;
DROP INDEX footprint_book_reached;
DROP INDEX footprint_visitor;
DROP INDEX diary_read_owner;
DROP INDEX invitation_address;
DROP INDEX outbox_address;
DROP INDEX outbox_about;
DROP INDEX outbox_member;
ALTER TABLE outbox DROP COLUMN about;
ALTER TABLE outbox DROP COLUMN member;
DROP TABLE export;
DROP TABLE leaving;
