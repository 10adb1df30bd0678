// Package openpne brings a site of OpenPNE 2 or 3 in, from what mysqldump wrote of its database: members with their profiles, ties,
// entries, comments, messages, albums and footprints, and communities with their topics and events.
//
// Read reads dumps into a Site and counts what it has and what of it stays behind, and why. Run stores it, a transaction for each
// member and each community. What a row is called here follows from what it was called there, so that a second Run goes on
// where a first one ended, and ends with what it would have ended with. Nothing is seen by more people than it was: where a
// choice has no counterpart the narrower one is taken, or the thing stays behind.
//
// The names of tables and columns are those of the schemas that OpenPNE 2.14 and 3.6 install.
package openpne
