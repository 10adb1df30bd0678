-- Covers of albums, where the operator has them looked up.

-- +goose Up
CREATE TABLE music_cover (
    album    BIGINT NOT NULL PRIMARY KEY,
    type     TEXT   NOT NULL,
    width    BIGINT NOT NULL,
    height   BIGINT NOT NULL,
    hash     TEXT   NOT NULL, -- empty: none was found
    data     TEXT   NOT NULL, -- in base64
    asked_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE music_cover;
