// Package session keeps login state for handsets: it is the bridge between an upstream that sets ordinary cookies and a
// handset that keeps none.
//
// A [Manager] gives such a handset a session: a jar with the upstream's cookies, kept on the server, and an ID that the
// gateway carries in URLs and hidden fields, or in one cookie of its own where the handset proved that it keeps cookies.
// What a [Store] holds is useless without the ID: the record's name is a hash of it and the record is sealed with a key
// made from it.
//
// The life of a session:
//
//   - [Manager.Create] makes one when the upstream first sets a cookie, never before, and never with an ID from outside.
//   - [Manager.Open] finds it again and checks what it is bound to. On a mismatch the session ends.
//   - [Manager.Apply] puts cookies of an answer into the jar and, at a login, moves it to a new ID. The old ID keeps the
//     old jar for a short grace, so that images still loading and a request sent twice are answered, and whoever planted
//     the old ID never sees the login.
//
// Stores: [OpenFile] (in this process, kept across restarts) and [OpenShared] (a Redis, for several gateways).
package session
