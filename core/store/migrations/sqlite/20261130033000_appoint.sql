-- A member may work as an operator on the site itself.

-- +goose Up
ALTER TABLE operator ADD COLUMN member BIGINT NOT NULL DEFAULT 0;
CREATE INDEX operator_member ON operator (member);

-- +goose Down
DROP INDEX operator_member;
ALTER TABLE operator DROP COLUMN member;
