-- Browsers by which members are told that something waits (Web Push), and what of it they want.

-- +goose Up
CREATE TABLE push_browser (
    hash     TEXT   NOT NULL PRIMARY KEY, -- of the endpoint
    member   BIGINT NOT NULL,
    session  TEXT   NOT NULL, -- when it ends, nothing is sent
    endpoint TEXT   NOT NULL,
    p256dh   TEXT   NOT NULL,
    auth     TEXT   NOT NULL,
    agent    TEXT   NOT NULL,
    made_at  BIGINT NOT NULL,
    sent_at  BIGINT NOT NULL,
    due_at   BIGINT NOT NULL, -- 0: nothing waits to be told
    tries    BIGINT NOT NULL
);
CREATE INDEX push_browser_member ON push_browser (member, made_at);
CREATE INDEX push_browser_due ON push_browser (due_at);

CREATE TABLE push_choice (
    member     BIGINT NOT NULL PRIMARY KEY,
    kinds_off  BIGINT NOT NULL, -- a bit for each kind of news
    quiet_from BIGINT NOT NULL, -- hours of the member's day
    quiet_to   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE push_choice;
DROP TABLE push_browser;
