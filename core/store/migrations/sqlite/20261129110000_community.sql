-- Communities, and what stands in them. The community a row belongs to leads its key, or the member.

-- +goose Up
CREATE TABLE community_category ( -- the operator's list, two levels
    id      BIGINT NOT NULL PRIMARY KEY,
    parent  BIGINT NOT NULL DEFAULT 0, -- 0: a heading, which takes no communities
    place   BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    english TEXT   NOT NULL DEFAULT ''
);
INSERT INTO community_category (id, parent, place, name, english) VALUES
    (1, 0, 1, '楽しむ', 'Enjoy'), (2, 0, 2, '趣味と暮らし', 'Hobbies and life'), (3, 0, 3, '人と地域', 'People and places'),
    (4, 0, 4, '学ぶ・働く', 'Learn and work'), (5, 0, 5, 'その他', 'Others'),
    (101, 1, 1, '芸能人・有名人', 'Celebrities'), (102, 1, 2, '音楽', 'Music'), (103, 1, 3, '映画', 'Films'), (104, 1, 4, 'テレビ番組', 'Television'),
    (105, 1, 5, 'お笑い', 'Comedy'), (106, 1, 6, '本・マンガ', 'Books and comics'), (107, 1, 7, 'アート', 'Art'), (108, 1, 8, 'スポーツ', 'Sports'),
    (109, 1, 9, 'ゲーム', 'Games'), (110, 2, 1, '動物・ペット', 'Animals and pets'), (111, 2, 2, '趣味', 'Hobbies'),
    (112, 2, 3, '車・バイク', 'Cars and motorcycles'), (113, 2, 4, '旅行', 'Travel'), (114, 2, 5, 'グルメ・お酒', 'Food and drink'),
    (115, 2, 6, 'ファッション', 'Fashion'), (116, 2, 7, '美容・ダイエット', 'Beauty and diet'), (117, 2, 8, '恋愛・結婚', 'Love and marriage'),
    (118, 2, 9, '占い', 'Fortune telling'), (119, 3, 1, '学校', 'Schools'), (120, 3, 2, '会社・団体', 'Companies and societies'),
    (121, 3, 3, '地域', 'Regions'), (122, 3, 4, 'サークル・ゼミ', 'Clubs and seminars'), (123, 4, 1, '学問・研究', 'Science and research'),
    (124, 4, 2, 'ビジネス・経済', 'Business'), (125, 4, 3, 'PC・インターネット', 'Computers and the Internet'), (126, 5, 1, 'その他', 'Others');

CREATE TABLE community (
    id            BIGINT NOT NULL PRIMARY KEY,
    name          TEXT   NOT NULL,
    description   TEXT   NOT NULL,
    category      BIGINT NOT NULL,
    administrator BIGINT NOT NULL, -- 0: gone, see vacant_since
    approval      BIGINT NOT NULL, -- 1: the administrator lets in
    members_only  BIGINT NOT NULL, -- 1: only members read what stands in it
    openers       BIGINT NOT NULL, -- 1: only administrators open topics
    hidden        BIGINT NOT NULL, -- 1: neither found nor shown on profiles
    members       BIGINT NOT NULL DEFAULT 0,
    each_letters  BIGINT NOT NULL DEFAULT 0, -- members who want a letter about each post
    photo_member  BIGINT NOT NULL DEFAULT 0,
    photo         BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL,
    touched       BIGINT NOT NULL,           -- the last post
    vacant_since  BIGINT NOT NULL DEFAULT 0, -- nobody governs it
    deleted_at    BIGINT NOT NULL DEFAULT 0, -- its administrator wants it to go
    announced_at  BIGINT NOT NULL DEFAULT 0, -- the newest announcement
    near_at       BIGINT NOT NULL DEFAULT 0  -- when community_near was computed
);
CREATE INDEX community_administrator ON community (administrator);
CREATE INDEX community_photo ON community (photo_member) WHERE photo_member > 0;
CREATE INDEX community_by_members ON community (members, id) WHERE hidden = 0 AND deleted_at = 0;
CREATE INDEX community_by_touched ON community (touched, id) WHERE hidden = 0 AND deleted_at = 0;
CREATE INDEX community_in_category_by_members ON community (category, members, id) WHERE hidden = 0 AND deleted_at = 0;
CREATE INDEX community_in_category_by_touched ON community (category, touched, id) WHERE hidden = 0 AND deleted_at = 0;
CREATE INDEX community_deleted ON community (deleted_at) WHERE deleted_at > 0;
CREATE INDEX community_near_at ON community (near_at, id);

CREATE TABLE community_member (
    community  BIGINT NOT NULL,
    member     BIGINT NOT NULL,
    role       BIGINT NOT NULL,           -- core.Role; applicants and blocked ones have a row, others none
    joined_at  BIGINT NOT NULL,           -- or asked, or blocked
    on_home    BIGINT NOT NULL DEFAULT 1,
    on_profile BIGINT NOT NULL DEFAULT 1,
    letters    BIGINT NOT NULL DEFAULT 0, -- community.Letters
    message    TEXT   NOT NULL DEFAULT '', -- of an applicant
    offered    BIGINT NOT NULL DEFAULT 0, -- the role that the member is asked to take
    offered_by BIGINT NOT NULL DEFAULT 0,
    announced  BIGINT NOT NULL DEFAULT 0, -- the newest announcement looked at
    PRIMARY KEY (community, member)
);
CREATE INDEX community_member_by_member ON community_member (member, role, community);
CREATE INDEX community_member_by_role ON community_member (community, role, joined_at, member);
CREATE INDEX community_member_each ON community_member (community, member) WHERE letters = 2;
CREATE INDEX community_member_digest ON community_member (member) WHERE letters = 1;
CREATE INDEX community_member_offered ON community_member (offered_by) WHERE offered_by > 0;
CREATE INDEX community_member_asked ON community_member (member) WHERE offered > 0;

CREATE TABLE community_invitation ( -- a member asks a friend to come along
    member    BIGINT NOT NULL,
    community BIGINT NOT NULL,
    inviter   BIGINT NOT NULL,
    sent_at   BIGINT NOT NULL,
    PRIMARY KEY (member, community, inviter)
);
CREATE INDEX community_invitation_inviter ON community_invitation (inviter);
CREATE INDEX community_invitation_community ON community_invitation (community);

CREATE TABLE community_announcement (
    community BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    author    BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    sent_at   BIGINT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE INDEX community_announcement_author ON community_announcement (author);

CREATE TABLE community_bookmark (
    member    BIGINT NOT NULL,
    community BIGINT NOT NULL,
    added_at  BIGINT NOT NULL,
    looked_at BIGINT NOT NULL, -- what was written later is new
    PRIMARY KEY (member, community)
);
CREATE INDEX community_bookmark_community ON community_bookmark (community);

CREATE TABLE community_near ( -- what members of one are in as well, computed daily
    community BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    other     BIGINT NOT NULL,
    PRIMARY KEY (community, place)
);

CREATE TABLE community_thread ( -- topics, events and polls
    community  BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    kind       BIGINT NOT NULL, -- community.ThreadKind
    author     BIGINT NOT NULL, -- 0: has left
    title      TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    comments   BIGINT NOT NULL DEFAULT 0, -- numbers given out; removed ones keep theirs
    photos     BIGINT NOT NULL DEFAULT 0,
    pinned     BIGINT NOT NULL DEFAULT 0,
    previous   BIGINT NOT NULL DEFAULT 0, -- the full one that this goes on from
    next       BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    last_at    BIGINT NOT NULL, -- the newest comment, or the thread
    PRIMARY KEY (community, id)
);
CREATE UNIQUE INDEX community_thread_by_id ON community_thread (id);
CREATE INDEX community_thread_by_last ON community_thread (community, last_at, id);
CREATE INDEX community_thread_list ON community_thread (community, kind, pinned, last_at, id);
CREATE INDEX community_thread_author ON community_thread (author);

CREATE TABLE community_comment (
    community  BIGINT NOT NULL,
    thread     BIGINT NOT NULL,
    number     BIGINT NOT NULL, -- from 1, given once; a number without a row is of one that was removed
    id         BIGINT NOT NULL,
    author     BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    photos     BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community, thread, number)
);
CREATE UNIQUE INDEX community_comment_by_id ON community_comment (id);
CREATE INDEX community_comment_author ON community_comment (author);

CREATE TABLE community_commented ( -- the threads a member commented on
    member    BIGINT NOT NULL,
    thread    BIGINT NOT NULL,
    community BIGINT NOT NULL,
    at        BIGINT NOT NULL, -- of the member's last comment there
    PRIMARY KEY (member, thread)
);
CREATE INDEX community_commented_at ON community_commented (member, at);

CREATE TABLE community_read (
    member   BIGINT NOT NULL,
    thread   BIGINT NOT NULL,
    comments BIGINT NOT NULL, -- when the member last opened it
    PRIMARY KEY (member, thread)
);

CREATE TABLE community_mailing ( -- posts of which letters go out
    id        BIGINT NOT NULL PRIMARY KEY, -- grows
    community BIGINT NOT NULL,
    thread    BIGINT NOT NULL,
    author    BIGINT NOT NULL,
    number    BIGINT NOT NULL, -- 0: the thread itself
    after     BIGINT NOT NULL DEFAULT 0 -- the last member who has got one
);
CREATE INDEX community_mailing_author ON community_mailing (author);
CREATE INDEX community_mailing_community ON community_mailing (community);

CREATE TABLE community_digest ( -- who has got today's
    member  BIGINT NOT NULL PRIMARY KEY,
    sent_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE community_digest;
DROP TABLE community_mailing;
DROP TABLE community_read;
DROP TABLE community_commented;
DROP TABLE community_comment;
DROP TABLE community_thread;
DROP TABLE community_near;
DROP TABLE community_bookmark;
DROP TABLE community_announcement;
DROP TABLE community_invitation;
DROP TABLE community_member;
DROP TABLE community;
DROP TABLE community_category;
