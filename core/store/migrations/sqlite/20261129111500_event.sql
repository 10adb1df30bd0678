-- Events and polls of communities: each is a row of community_thread and one more of the same ID here.

-- +goose Up
CREATE TABLE community_event (
    community  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    day        BIGINT NOT NULL,           -- year * 10000 + month * 100 + day
    time       BIGINT NOT NULL,           -- minutes of the day + 1; 0: none is said
    words      TEXT   NOT NULL,           -- more about the time
    prefecture BIGINT NOT NULL,           -- from 1, in the order of JIS X 0401; 0: none
    place      TEXT   NOT NULL,
    deadline   BIGINT NOT NULL,           -- the last day to join on; 0: until the event
    capacity   BIGINT NOT NULL,           -- 0: no limit
    joined     BIGINT NOT NULL DEFAULT 0, -- who has a place
    waiting    BIGINT NOT NULL DEFAULT 0,
    edition    BIGINT NOT NULL DEFAULT 0, -- how often it was changed
    changed_at BIGINT NOT NULL,
    off_at     BIGINT NOT NULL DEFAULT 0, -- it does not take place
    PRIMARY KEY (community, id)
) WITHOUT ROWID;
CREATE INDEX community_event_day ON community_event (community, day);

CREATE TABLE community_seat ( -- who attends an event, or waits for a place
    community BIGINT NOT NULL,
    event     BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    place     BIGINT NOT NULL, -- in the line: whoever came earlier has a lower one
    waits     BIGINT NOT NULL,
    day       BIGINT NOT NULL, -- of the event
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (community, event, member)
) WITHOUT ROWID;
CREATE INDEX community_seat_line ON community_seat (community, event, waits, place);
CREATE INDEX community_seat_place ON community_seat (community, event, place);
CREATE INDEX community_seat_day ON community_seat (member, day);

CREATE TABLE community_vacancy ( -- events at which somebody may move up
    community BIGINT NOT NULL,
    event     BIGINT NOT NULL,
    PRIMARY KEY (community, event)
) WITHOUT ROWID;

CREATE TABLE community_event_word ( -- what those who attend an event are told
    community  BIGINT NOT NULL,
    event      BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    author     BIGINT NOT NULL,
    kind       BIGINT NOT NULL,           -- community.EventWordKind
    body       TEXT   NOT NULL,
    to_waiting BIGINT NOT NULL,           -- those who wait are told as well
    sent_at    BIGINT NOT NULL,
    after      BIGINT NOT NULL DEFAULT 0, -- the place of the last who has been told
    told       BIGINT NOT NULL DEFAULT 0, -- 1: everybody has been
    PRIMARY KEY (community, event, id)
) WITHOUT ROWID;
CREATE INDEX community_event_word_author ON community_event_word (author);
CREATE INDEX community_event_word_untold ON community_event_word (id) WHERE told = 0;

CREATE TABLE community_poll (
    community BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    several   BIGINT NOT NULL, -- 1: more than one choice
    named     BIGINT NOT NULL, -- 1: who has voted for what is seen
    result    BIGINT NOT NULL, -- community.PollResult
    ends      BIGINT NOT NULL, -- its last day
    voters    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (community, id)
) WITHOUT ROWID;

CREATE TABLE community_choice (
    community BIGINT NOT NULL,
    poll      BIGINT NOT NULL,
    number    BIGINT NOT NULL, -- from 1
    text      TEXT   NOT NULL,
    votes     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (community, poll, number)
) WITHOUT ROWID;

CREATE TABLE community_vote (
    community BIGINT NOT NULL,
    poll      BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    choice    BIGINT NOT NULL,
    voted_at  BIGINT NOT NULL,
    PRIMARY KEY (community, poll, member, choice)
) WITHOUT ROWID;
CREATE INDEX community_vote_choice ON community_vote (community, poll, choice, voted_at, member);
CREATE INDEX community_vote_member ON community_vote (member);

-- +goose Down
DROP TABLE community_vote;
DROP TABLE community_choice;
DROP TABLE community_poll;
DROP TABLE community_event_word;
DROP TABLE community_vacancy;
DROP TABLE community_seat;
DROP TABLE community_event;
