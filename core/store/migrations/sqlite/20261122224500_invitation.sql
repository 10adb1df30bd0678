-- Invitations, mail to be sent, one-time links, easy login and the audit log.

-- +goose Up
ALTER TABLE member ADD COLUMN alone_since BIGINT NOT NULL DEFAULT 0; -- without friends since; 0: has friends, or never counted

CREATE TABLE outbox (
    id         BIGINT NOT NULL PRIMARY KEY,
    address    TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    next_at    BIGINT NOT NULL, -- of the next try; 0: sent, or given up
    sent_at    BIGINT NOT NULL DEFAULT 0,
    tries      BIGINT NOT NULL DEFAULT 0,
    problem    TEXT   NOT NULL DEFAULT '' -- of the last try
);
CREATE INDEX outbox_next ON outbox (next_at);

CREATE TABLE link (
    hash       TEXT   NOT NULL PRIMARY KEY, -- keyed hash of the token in the mail
    purpose    TEXT   NOT NULL,
    member     BIGINT NOT NULL, -- 0: a decoy for an address that nobody has
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX link_member ON link (member, purpose);

CREATE TABLE invitation (
    inviter    BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    address    TEXT   NOT NULL,
    hash       TEXT   NOT NULL, -- keyed hash of the token in the mail
    state      BIGINT NOT NULL, -- core.InvitationState
    draft      TEXT   NOT NULL DEFAULT '', -- what the invited person typed so far, JSON
    sent_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (inviter, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX invitation_hash ON invitation (hash);

CREATE TABLE easy_login (
    key         TEXT   NOT NULL PRIMARY KEY, -- keyed hash of carrier, class and ID; the ID is stored nowhere
    member      BIGINT NOT NULL,
    carrier     TEXT   NOT NULL,
    model       TEXT   NOT NULL,
    enrolled_at BIGINT NOT NULL,
    used_at     BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX easy_login_member ON easy_login (member);

CREATE TABLE audit (
    seq    BIGINT NOT NULL PRIMARY KEY,
    at     BIGINT NOT NULL,
    kind   TEXT   NOT NULL,
    member BIGINT NOT NULL,
    client TEXT   NOT NULL, -- carrier and model, or PC; never an ID
    object TEXT   NOT NULL,
    chain  TEXT   NOT NULL  -- hash of this row and the chain before it
) WITHOUT ROWID;
CREATE INDEX audit_member ON audit (member, at);

CREATE TABLE spare_blob ( -- blobs that lost a photo and may be in nobody's use
    hash  TEXT   NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX photo_hash ON photo (hash);

-- +goose Down
DROP INDEX photo_hash;
DROP TABLE spare_blob;
DROP TABLE audit;
DROP TABLE easy_login;
DROP TABLE invitation;
DROP TABLE link;
DROP TABLE outbox;
ALTER TABLE member DROP COLUMN alone_since;
