-- In whose time a member reads dates; empty: the site's.

-- +goose Up
ALTER TABLE member ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
