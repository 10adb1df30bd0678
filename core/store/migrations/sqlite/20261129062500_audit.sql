-- Refusals are in the log too, with where they came from, why, and the keyed hash of the ID that was shown (SEC-120). Lines older
-- than is kept go; the anchor has the number and chain of the last that went.

-- +goose Up
ALTER TABLE audit ADD COLUMN peer TEXT NOT NULL DEFAULT '';    -- address of who asked; '': unknown
ALTER TABLE audit ADD COLUMN reason TEXT NOT NULL DEFAULT '';  -- of a refusal
ALTER TABLE audit ADD COLUMN subject TEXT NOT NULL DEFAULT ''; -- keyed hash of an ID or a mail address
ALTER TABLE audit ADD COLUMN times BIGINT NOT NULL DEFAULT 1;  -- how many the line stands for

CREATE TABLE audit_anchor (
    id    BIGINT NOT NULL PRIMARY KEY, -- 1
    seq   BIGINT NOT NULL,
    chain TEXT   NOT NULL
);

-- +goose Down
DROP TABLE audit_anchor;
ALTER TABLE audit DROP COLUMN times;
ALTER TABLE audit DROP COLUMN subject;
ALTER TABLE audit DROP COLUMN reason;
ALTER TABLE audit DROP COLUMN peer;
