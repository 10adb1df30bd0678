// Package seed makes a community up: people of 2007 with names, prefectures and birthdays, the diaries they write, the
// comments they leave, and pictures that pass for the photos of their camera phones.
//
// [Demo] is the fifteen members that a demo starts with: hand-written (data/members.tsv, diaries.txt, endorsements.txt),
// with friends who answer each other; its Develop paints the pictures while the demo serves. [Fill] makes as many
// members as are asked for, from lists of names and a phrase grammar (data/names.txt, phrases.txt) and a graph of friends
// that follows a power law; it writes rows in bulk. The pictures are those of core/seed/paint.
//
// All of it follows from a seed number and from now (pixels may differ in the last bit between processors). To add a diary, a phrase or a
// name, edit data/; to add a picture, add a motif in paint/paint.go. Texts use only emoji that the member's phone can type: a
// test in cmd/musubi holds them to that.
package seed
