-- Diary categories, and how far each member has read.

-- +goose Up
ALTER TABLE diary ADD COLUMN category BIGINT NOT NULL DEFAULT 0; -- diary_category.id; 0: none
CREATE INDEX diary_in_category ON diary (member, category, id);

CREATE TABLE diary_category (
    member BIGINT NOT NULL,
    id     BIGINT NOT NULL,
    name   TEXT   NOT NULL,
    PRIMARY KEY (member, id)
) WITHOUT ROWID;

CREATE TABLE diary_read ( -- how many comments an entry had when member last opened it
    member   BIGINT NOT NULL,
    diary    BIGINT NOT NULL,
    owner    BIGINT NOT NULL,
    comments BIGINT NOT NULL,
    PRIMARY KEY (member, diary, owner)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE diary_read;
DROP TABLE diary_category;
DROP INDEX diary_in_category;
ALTER TABLE diary DROP COLUMN category;
