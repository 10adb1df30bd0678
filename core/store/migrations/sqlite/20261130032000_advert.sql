-- Advertising: campaigns, what was counted of them by day and kind of screen, who has seen what today, clicks to shops, incomes.

-- +goose Up
CREATE TABLE ad (
    id       BIGINT NOT NULL PRIMARY KEY,
    name     TEXT   NOT NULL, -- the advertiser
    slot     TEXT   NOT NULL,
    text     TEXT   NOT NULL,
    url      TEXT   NOT NULL,
    picture  BIGINT NOT NULL, -- site_picture; 0: text
    since    BIGINT NOT NULL,
    until    BIGINT NOT NULL,
    goal     BIGINT NOT NULL, -- impressions; 0: any
    weight   BIGINT NOT NULL,
    cap      BIGINT NOT NULL, -- impressions of a member and day; 0: any
    rules    TEXT   NOT NULL, -- JSON of advert.Rules
    ended_at BIGINT NOT NULL,
    operator TEXT   NOT NULL
) WITHOUT ROWID;
CREATE INDEX ad_until ON ad (until) WHERE ended_at = 0;

CREATE TABLE ad_day (
    ad      BIGINT NOT NULL,
    day     BIGINT NOT NULL, -- 20070131
    mobile  BIGINT NOT NULL,
    shown   BIGINT NOT NULL,
    clicks  BIGINT NOT NULL,
    members BIGINT NOT NULL, -- who saw it, each once
    PRIMARY KEY (ad, day, mobile)
) WITHOUT ROWID;
CREATE INDEX ad_day_day ON ad_day (day);

CREATE TABLE ad_seen ( -- forgotten when the day is over
    member  BIGINT NOT NULL,
    ad      BIGINT NOT NULL,
    day     BIGINT NOT NULL,
    shown   BIGINT NOT NULL,
    clicked BIGINT NOT NULL,
    PRIMARY KEY (member, ad)
) WITHOUT ROWID;
CREATE INDEX ad_seen_day ON ad_seen (day);

CREATE TABLE ad_allowed ( -- members who let all of their profile be used for advertising
    member BIGINT NOT NULL PRIMARY KEY,
    at     BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE shop_click (
    day    BIGINT NOT NULL,
    area   TEXT   NOT NULL, -- music, review
    shop   TEXT   NOT NULL,
    mobile BIGINT NOT NULL,
    clicks BIGINT NOT NULL,
    PRIMARY KEY (day, area, shop, mobile)
) WITHOUT ROWID;

CREATE TABLE income (
    month  BIGINT NOT NULL, -- 200701
    stream TEXT   NOT NULL,
    device TEXT   NOT NULL, -- pc, mobile; '': undivided
    yen    BIGINT NOT NULL,
    PRIMARY KEY (month, stream, device)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE income;
DROP TABLE shop_click;
DROP TABLE ad_allowed;
DROP TABLE ad_seen;
DROP TABLE ad_day;
DROP TABLE ad;
