package cache

import (
	"musubi/core"
	"musubi/core/store/engine"
)

// A group of rows, as the store is asked to tell of it.
type group int

const (
	memberRow group = iota
	memberStatus
	photosOf   // a member's
	photosWith // a thing: owner and ID
	profileOf
	sessionRow
	friendsOf
	blocksOf
	diariesOf
	diaryRow
	friendDiaries
	newestDiaries
	commentedBy
	commentsUnder
	readMarks
	categoriesOf
	newsOf
	toldTo
	newsLettersOf
	mailsOf
	birthdaysFor
	endorsementsOf
	bookmarksOf
	footprintBook
	albumsOf
	albumRow
	friendAlbums
	filmsOf
	playlistsOf
	listenerRow
	reviewsOf
	productRow
	communityRow
	communityCategories
	membershipsOf // a member's
	membersOf     // a community's
	invitationsOf
	nearTo
	communityBookmarks
	threadRow
	threadsIn
	numberedUnder
	threadMarks
	eventRow
	eventsOfCommunity
	seatRow
	seatsOf
	wordsOf
	pollRow
	choicesOf
	votesOf
	groupCount
)

// groups are the tables and columns behind.
var groups = [groupCount]engine.Group{
	memberRow:      {Table: "member", Columns: []int{0}},
	memberStatus:   {Table: "member", Columns: []int{2}},
	photosOf:       {Table: "photo", Columns: []int{0}},
	photosWith:     {Table: "photo", Columns: []int{7, 8}},
	profileOf:      {Table: "profile", Columns: []int{0}},
	sessionRow:     {Table: "session", Columns: []int{0}},
	friendsOf:      {Table: "friend", Columns: []int{0}},
	blocksOf:       {Table: "block", Columns: []int{0}},
	diariesOf:      {Table: "diary", Columns: []int{0}},
	diaryRow:       {Table: "diary", Columns: []int{0, 1}},
	friendDiaries:  {Table: "friend_diary", Columns: []int{0}},
	newestDiaries:  {Table: "newest_diary"},
	commentedBy:    {Table: "commented", Columns: []int{0}},
	commentsUnder:  {Table: "comment", Columns: []int{0, 1}},
	readMarks:      {Table: "diary_read", Columns: []int{0, 1}},
	categoriesOf:   {Table: "diary_category", Columns: []int{0}},
	newsOf:         {Table: "news", Columns: []int{0}},
	toldTo:         {Table: "told", Columns: []int{0}},
	newsLettersOf:  {Table: "news_letter", Columns: []int{0}},
	mailsOf:        {Table: "mail", Columns: []int{1}},
	birthdaysFor:   {Table: "friend_birthday", Columns: []int{0}},
	endorsementsOf: {Table: "endorsement", Columns: []int{0}},
	bookmarksOf:    {Table: "bookmark", Columns: []int{0}},
	footprintBook:  {Table: "footprint_book", Columns: []int{0}},
	albumsOf:       {Table: "album", Columns: []int{0}},
	albumRow:       {Table: "album", Columns: []int{0, 1}},
	friendAlbums:   {Table: "friend_album", Columns: []int{0}},
	filmsOf:        {Table: "film", Columns: []int{0}},
	playlistsOf:    {Table: "music_playlist", Columns: []int{0}},
	listenerRow:    {Table: "music_member", Columns: []int{0}},
	reviewsOf:      {Table: "review", Columns: []int{0}},
	productRow:     {Table: "review_product", Columns: []int{0}},

	communityRow:        {Table: "community", Columns: []int{0}},
	communityCategories: {Table: "community_category"},
	membershipsOf:       {Table: "community_member", Columns: []int{1}},
	membersOf:           {Table: "community_member", Columns: []int{0}},
	invitationsOf:       {Table: "community_invitation", Columns: []int{0}},
	nearTo:              {Table: "community_near", Columns: []int{0}},
	communityBookmarks:  {Table: "community_bookmark", Columns: []int{0}},
	threadRow:           {Table: "community_thread", Columns: []int{1}},
	threadsIn:           {Table: "community_thread", Columns: []int{0}},
	numberedUnder:       {Table: "community_comment", Columns: []int{1}},
	threadMarks:         {Table: "community_read", Columns: []int{0, 1}},
	eventRow:            {Table: "community_event", Columns: []int{1}},
	eventsOfCommunity:   {Table: "community_event", Columns: []int{0}},
	seatRow:             {Table: "community_seat", Columns: []int{1, 2}},
	seatsOf:             {Table: "community_seat", Columns: []int{2}},
	wordsOf:             {Table: "community_event_word", Columns: []int{1}},
	pollRow:             {Table: "community_poll", Columns: []int{1}},
	choicesOf:           {Table: "community_choice", Columns: []int{1}},
	votesOf:             {Table: "community_vote", Columns: []int{1, 2}},
}

// A kind of entry.
type kind uint8

const (
	aPerson kind = iota
	aProfile
	aSession
	theFriends
	theBlocked
	aPath
	aDiary
	aLine
	ownLines
	friendsLines
	newestLines
	commentedLines
	aReadMark
	someComments
	thePhotos
	aPhoto
	theCategories
	theNews
	theTold
	theNewsLetters
	theMails
	theBirthdays
	someEndorsements
	theBookmarks
	aBook
	ownAlbums
	friendsAlbums
	friendsFilms
	friendsPlaylists
	friendsReviews
	aListener
	foundDiary
	foundMember
	aCommunity
	theCommunityCategories
	theMemberships
	thePlaces
	anInvitation
	theNear
	aCommunityBookmark
	someMembers
	aThread
	someThreads
	newestThreads
	aThreadMark
	someNumbered
	anEvent
	someEvents
	aSeat
	theSeats
	theWords
	aPoll
	theVotes
	kindCount
)

// A need is a group of rows that an entry is made of, by the IDs of its key.
type need struct {
	group group
	of    func(key) (a, b core.ID)
}

func byA(k key) (a, b core.ID)  { return k.a, 0 }
func byB(k key) (a, b core.ID)  { return k.b, 0 }
func byAB(k key) (a, b core.ID) { return k.a, k.b }
func all(key) (a, b core.ID)    { return 0, 0 }

// needs are what each kind is made of; kinds that are made of more say so themselves (freshness).
var needs = [kindCount][]need{
	aPerson:          {{memberRow, byA}, {photosOf, byA}, {blocksOf, byA}},
	aProfile:         {{profileOf, byA}},
	aSession:         {{sessionRow, byA}},
	theFriends:       {{friendsOf, byA}},
	theBlocked:       {{blocksOf, byA}},
	aPath:            {{friendsOf, byA}, {friendsOf, byB}},
	aDiary:           {{diaryRow, byAB}},
	aLine:            {{diaryRow, byAB}},
	ownLines:         {{diariesOf, byA}},
	friendsLines:     {{friendDiaries, byA}, {friendsOf, byA}},
	newestLines:      {{newestDiaries, all}},
	commentedLines:   {{commentedBy, byA}},
	aReadMark:        {{readMarks, byAB}},
	someComments:     {{commentsUnder, byAB}},
	thePhotos:        {{photosWith, byAB}},
	aPhoto:           {{photosOf, byA}},
	theCategories:    {{categoriesOf, byA}},
	theNews:          {{newsOf, byA}},
	theTold:          {{toldTo, byA}},
	theNewsLetters:   {{newsLettersOf, byA}},
	theMails:         {{mailsOf, byA}},
	theBirthdays:     {{birthdaysFor, byA}},
	someEndorsements: {{endorsementsOf, byA}, {memberRow, byA}},
	theBookmarks:     {{bookmarksOf, byA}},
	foundDiary:       {{diaryRow, byAB}, {memberRow, byA}},
	foundMember:      {{memberRow, byA}, {photosOf, byA}, {profileOf, byA}},
	aBook:            {{footprintBook, byA}},
	ownAlbums:        {{albumsOf, byA}, {memberRow, byA}, {photosOf, byA}},
	friendsAlbums:    {{friendAlbums, byA}, {friendsOf, byA}},
	friendsFilms:     {{friendsOf, byA}},
	friendsPlaylists: {{friendsOf, byA}},
	friendsReviews:   {{friendsOf, byA}},
	aListener:        {{listenerRow, byA}},

	aCommunity:             {{communityRow, byA}},
	theCommunityCategories: {{communityCategories, all}},
	theMemberships:         {{membershipsOf, byA}},
	thePlaces:              {{membershipsOf, byA}},
	anInvitation:           {{invitationsOf, byA}},
	theNear:                {{nearTo, byA}},
	aCommunityBookmark:     {{communityBookmarks, byA}},
	someMembers:            {{membersOf, byA}},
	aThread:                {{threadRow, byA}},
	someThreads:            {{threadsIn, byA}},
	newestThreads:          {{threadsIn, byA}},
	aThreadMark:            {{threadMarks, byAB}},
	someNumbered:           {{numberedUnder, byA}},
	anEvent:                {{eventRow, byA}},
	someEvents:             {{eventsOfCommunity, byA}, {threadsIn, byA}},
	aSeat:                  {{seatRow, byAB}},
	theSeats:               {{seatsOf, byA}},
	theWords:               {{wordsOf, byA}},
	aPoll:                  {{pollRow, byA}, {choicesOf, byA}},
	theVotes:               {{votesOf, byAB}},
}
