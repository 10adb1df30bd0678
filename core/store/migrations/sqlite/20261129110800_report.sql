-- What members report, with the thing as it was, and what operators do to whom.

-- +goose Up
CREATE TABLE report (
    id        BIGINT NOT NULL PRIMARY KEY,
    reporter  BIGINT NOT NULL, -- 0: has no account, or has left
    contact   TEXT   NOT NULL, -- mail address of who has no account
    kind      BIGINT NOT NULL, -- report.Kind
    owner     BIGINT NOT NULL,
    thing     BIGINT NOT NULL,
    piece     BIGINT NOT NULL,
    comment   BIGINT NOT NULL,
    reason    TEXT   NOT NULL,
    words     TEXT   NOT NULL,
    author    BIGINT NOT NULL,
    title     TEXT   NOT NULL,
    body      TEXT   NOT NULL,
    made_at   BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    state     BIGINT NOT NULL, -- report.State
    taker     TEXT   NOT NULL,
    asked_at  BIGINT NOT NULL,
    outcome   TEXT   NOT NULL,
    answer    TEXT   NOT NULL,
    closed_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX report_by ON report (reporter, id);
CREATE INDEX report_about ON report (author, id);
CREATE INDEX report_waiting ON report (id) WHERE closed_at = 0;
CREATE INDEX report_closed ON report (closed_at) WHERE closed_at > 0;

CREATE TABLE report_photo ( -- a copy of the row of a photo: its file stays as long as the report
    report BIGINT NOT NULL,
    place  BIGINT NOT NULL,
    hash   TEXT   NOT NULL,
    type   TEXT   NOT NULL,
    width  BIGINT NOT NULL,
    height BIGINT NOT NULL,
    PRIMARY KEY (report, place)
) WITHOUT ROWID;
CREATE INDEX report_photo_hash ON report_photo (hash);

CREATE TABLE measure (
    id       BIGINT NOT NULL PRIMARY KEY,
    member   BIGINT NOT NULL, -- whom it is about
    kind     BIGINT NOT NULL, -- report.MeasureKind
    reason   TEXT   NOT NULL,
    until    BIGINT NOT NULL, -- 0: until it is ended
    at       BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    report   BIGINT NOT NULL,
    operator TEXT   NOT NULL,
    what     BIGINT NOT NULL, -- report.Kind of the thing
    owner    BIGINT NOT NULL,
    thing    BIGINT NOT NULL,
    piece    BIGINT NOT NULL,
    comment  BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    was      TEXT   NOT NULL  -- what brings a hidden thing back
) WITHOUT ROWID;
CREATE INDEX measure_about ON measure (member, id);
CREATE INDEX measure_owner ON measure (owner, id);
CREATE INDEX measure_hides ON measure (owner, thing, what) WHERE kind = 1 AND ended_at = 0;
CREATE INDEX measure_until ON measure (until) WHERE kind = 4 AND ended_at = 0 AND until > 0;

-- +goose Down
DROP TABLE measure;
DROP TABLE report_photo;
DROP TABLE report;
