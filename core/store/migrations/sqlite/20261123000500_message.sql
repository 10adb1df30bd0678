-- Messages. Each copy is a row under its member's key, and has all it needs to be shown.

-- +goose Up
CREATE TABLE message (
    member     BIGINT NOT NULL, -- whose copy it is
    id         BIGINT NOT NULL, -- the same in both copies
    kind       BIGINT NOT NULL, -- core.Folder where it belongs: 0 inbox, 1 sent, 2 drafts
    folder     BIGINT NOT NULL, -- core.Folder where it is: kind, or 3 trash
    other      BIGINT NOT NULL, -- the member at the other end
    other_name TEXT   NOT NULL, -- as it was at the time of sending
    subject    TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    folded     TEXT   NOT NULL, -- core.Fold of name, subject and body, for the search
    answers    BIGINT NOT NULL, -- message.id; 0: none
    unread     BIGINT NOT NULL,
    replied    BIGINT NOT NULL DEFAULT 0,
    photos     BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;
CREATE INDEX message_folder ON message (member, folder, id);
CREATE INDEX message_unread ON message (member) WHERE unread = 1 AND folder = 0;
CREATE INDEX message_age ON message (id) WHERE kind < 2;

-- +goose Down
DROP TABLE message;
