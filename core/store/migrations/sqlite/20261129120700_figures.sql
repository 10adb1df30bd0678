-- Page views and what is made of them, and premium.

-- +goose Up
CREATE TABLE view_day (
    day     BIGINT NOT NULL, -- in Tokyo, 20070131
    mobile  BIGINT NOT NULL,
    carrier TEXT   NOT NULL,
    views   BIGINT NOT NULL,
    PRIMARY KEY (day, mobile, carrier)
) WITHOUT ROWID;

CREATE TABLE view_member ( -- what a member did on a day
    member  BIGINT NOT NULL,
    day     BIGINT NOT NULL,
    pc      BIGINT NOT NULL,
    mobile  BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    last    BIGINT NOT NULL,
    PRIMARY KEY (member, day)
) WITHOUT ROWID;
CREATE INDEX view_member_day ON view_member (day, pc, mobile, seconds);

CREATE TABLE figure ( -- months that are over
    name  TEXT   NOT NULL,
    month BIGINT NOT NULL,
    label TEXT   NOT NULL,
    n     BIGINT NOT NULL,
    PRIMARY KEY (name, month, label)
) WITHOUT ROWID;

CREATE TABLE entitlement (
    member    BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    plan      TEXT   NOT NULL,
    since     BIGINT NOT NULL,
    until     BIGINT NOT NULL,
    source    TEXT   NOT NULL, -- operator, webhook, invitation, trial
    reference TEXT   NOT NULL, -- the provider's; never a card
    operator  TEXT   NOT NULL, -- who granted it
    refunded  BIGINT NOT NULL, -- until when a refund took it back; 0: none did
    told      BIGINT NOT NULL, -- 1: a week before, 2: on the day
    PRIMARY KEY (member, id)
) WITHOUT ROWID;
CREATE INDEX entitlement_until ON entitlement (until);

CREATE TABLE pay_reference ( -- by which a provider of payments names a member
    reference TEXT   NOT NULL PRIMARY KEY,
    member    BIGINT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX pay_reference_member ON pay_reference (member);

CREATE TABLE hook_event ( -- that were carried out
    id TEXT   NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE hook_event;
DROP TABLE pay_reference;
DROP TABLE entitlement;
DROP TABLE figure;
DROP TABLE view_member;
DROP TABLE view_day;
