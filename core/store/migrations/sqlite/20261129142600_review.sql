-- Reviews: products, what members say of them, and what is counted of it. A review counts in its product while every member
-- may see it and its owner takes part (counted = 1).

-- +goose Up
CREATE TABLE review_product (
    id       BIGINT NOT NULL PRIMARY KEY,
    category BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    maker    TEXT   NOT NULL,
    code     TEXT   NOT NULL, -- under the barcode; '': not known
    key      TEXT   NOT NULL, -- folded names
    added_by BIGINT NOT NULL, -- 0: the operator, or one who has left
    stars1   BIGINT NOT NULL DEFAULT 0,
    stars2   BIGINT NOT NULL DEFAULT 0,
    stars3   BIGINT NOT NULL DEFAULT 0,
    stars4   BIGINT NOT NULL DEFAULT 0,
    stars5   BIGINT NOT NULL DEFAULT 0,
    reviews  BIGINT NOT NULL DEFAULT 0, -- the sum of them
    added_at BIGINT NOT NULL
);
CREATE INDEX review_product_code ON review_product (code);
CREATE INDEX review_product_key ON review_product (key, category);
CREATE INDEX review_product_reviews ON review_product (reviews, id);
CREATE INDEX review_product_category ON review_product (category, reviews, id);
CREATE INDEX review_product_added ON review_product (added_by, added_at);

CREATE TABLE review_start ( -- where a search may begin in the names of a product
    start   TEXT   NOT NULL,
    product BIGINT NOT NULL,
    PRIMARY KEY (start, product)
) WITHOUT ROWID;
CREATE INDEX review_start_product ON review_start (product);

CREATE TABLE review (
    member     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    product    BIGINT NOT NULL,
    category   BIGINT NOT NULL, -- of the product
    title      TEXT   NOT NULL, -- of the product, as it was called when the review was written
    stars      BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    visibility BIGINT NOT NULL,
    closed     BIGINT NOT NULL,
    counted    BIGINT NOT NULL,
    comments   BIGINT NOT NULL DEFAULT 0,
    helpful    BIGINT NOT NULL DEFAULT 0,
    photos     BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (member, id)
);
CREATE UNIQUE INDEX review_once ON review (member, product);
CREATE INDEX review_by_product ON review (product, id);
CREATE INDEX review_newest ON review (visibility, id);
CREATE INDEX review_category ON review (category, visibility, id);
CREATE INDEX review_id ON review (id);

CREATE TABLE review_comment (
    owner      BIGINT NOT NULL,
    review     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    author     BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, review, id)
) WITHOUT ROWID;
CREATE INDEX review_comment_author ON review_comment (author);

CREATE TABLE review_helpful (
    owner      BIGINT NOT NULL,
    review     BIGINT NOT NULL,
    member     BIGINT NOT NULL,
    helpful_at BIGINT NOT NULL,
    PRIMARY KEY (owner, review, member)
) WITHOUT ROWID;
CREATE INDEX review_helpful_member ON review_helpful (member);

CREATE TABLE review_pin (
    community BIGINT NOT NULL,
    owner     BIGINT NOT NULL,
    review    BIGINT NOT NULL,
    pinned_at BIGINT NOT NULL,
    PRIMARY KEY (community, owner, review)
) WITHOUT ROWID;
CREATE INDEX review_pin_newest ON review_pin (community, pinned_at);
CREATE INDEX review_pin_review ON review_pin (owner, review);

CREATE TABLE review_wish (
    member    BIGINT NOT NULL,
    product   BIGINT NOT NULL,
    wished_at BIGINT NOT NULL,
    PRIMARY KEY (member, product)
) WITHOUT ROWID;

CREATE TABLE review_click ( -- links to shops that members followed
    day     BIGINT NOT NULL, -- since 1970 in Tokyo
    shop    TEXT   NOT NULL,
    product BIGINT NOT NULL,
    clicks  BIGINT NOT NULL,
    PRIMARY KEY (day, shop, product)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE review_click;
DROP TABLE review_wish;
DROP TABLE review_pin;
DROP TABLE review_helpful;
DROP TABLE review_comment;
DROP TABLE review;
DROP TABLE review_start;
DROP TABLE review_product;
