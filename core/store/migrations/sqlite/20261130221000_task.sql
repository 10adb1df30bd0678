-- What a transaction leaves to be done with things of somebody else (core.Task), and which of that is done.

-- +goose Up
CREATE TABLE task (
    member BIGINT NOT NULL,
    id     BIGINT NOT NULL,
    whose  BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    body   TEXT NOT NULL,
    due    BIGINT NOT NULL,
    tries  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;
CREATE INDEX task_due ON task (due);
CREATE INDEX task_whose ON task (whose);
CREATE TABLE task_done (
    whose BIGINT NOT NULL,
    id    BIGINT NOT NULL,
    at    BIGINT NOT NULL,
    PRIMARY KEY (whose, id)
) WITHOUT ROWID;
CREATE INDEX task_done_at ON task_done (at);

-- +goose Down
DROP TABLE task_done;
DROP TABLE task;
