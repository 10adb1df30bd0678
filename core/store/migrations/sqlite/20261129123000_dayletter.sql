-- Letters of the day: what is new, and birthdays of friends.

-- +goose Up
CREATE TABLE day_letter (
    member          BIGINT NOT NULL PRIMARY KEY,
    digest_pc       BIGINT NOT NULL,
    digest_handset  BIGINT NOT NULL,
    weekly          BIGINT NOT NULL,
    birthday_pc     BIGINT NOT NULL,
    birthday_handset BIGINT NOT NULL,
    since           BIGINT NOT NULL, -- what is new since
    due_at          BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX day_letter_due ON day_letter (due_at);

-- +goose Down
DROP TABLE day_letter;
