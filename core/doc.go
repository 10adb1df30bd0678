// Package core is the social network: members, their friends, diaries, comments and photos, and who may see what.
//
// It knows no handset, no HTTP and no SQL. [New] is given a [Store] (core/store), a place for pictures ([Blobs]) and
// a maker of stored pictures ([PhotoMaker]); it gives back the [Services], whose methods are everything a member can
// do. core/web turns those into pages, core/seed into a first community. One file per noun: member.go, session.go,
// friend.go, diary.go, comment.go, photo.go; each declares its types, the part of the store it needs and its
// services. Start reading at permission.go, the one place that decides who may see what.
//
// Every method takes the viewer first and checks what that viewer may do. Methods are safe for concurrent use and
// return one of two kinds of error: an [Error] or [Invalid], which a member may read, or anything else, which is
// internal and is logged.
package core
