package web

// talkFeature is how members talk under what takes comments; the things that do are in their areas.
var talkFeature = feature{name: "talk", words: talkWords}
