// Package core has the nouns that all areas of the social network share: members, who looks, text, errors, IDs, photos and where
// they hang, and who may see what. The [Desk] is what every area works with.
//
// It knows no handset, no HTTP and no SQL, and none of the rooms below it. An area of life is a room of its own, core/journal for
// example; it declares its types, the part of the store it needs, its service and its Feature, and core/network joins all of them.
// core/web turns those into pages, core/seed into a first community. Start reading at permission.go, the one place that decides who
// may see what, and in docs/core.md for the rooms.
//
// Methods of services take the viewer first and check what that viewer may do. They are safe for concurrent use and return one of
// two kinds of error: an [Error] or [Invalid], which a member may read, or anything else, which is internal and is logged.
package core
