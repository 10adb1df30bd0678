-- Messages in the order in which two members wrote them, marks that one was read where both want them, and names for sessions.

-- +goose Up
ALTER TABLE member ADD COLUMN seen_marks BIGINT NOT NULL DEFAULT 0; -- shows senders that their messages were read
ALTER TABLE message ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;   -- in the sender's copy: when it was opened; 0: not, or one of both wants no marks
ALTER TABLE session ADD COLUMN name TEXT NOT NULL DEFAULT '';       -- what the member calls it
CREATE INDEX message_other ON message (member, other, id) WHERE folder < 2;

-- +goose Down
DROP INDEX message_other;
