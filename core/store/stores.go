package store

import (
	"musubi/core"
	"musubi/core/account"
	"musubi/core/advert"
	"musubi/core/album"
	"musubi/core/bring"
	"musubi/core/calendar"
	"musubi/core/chores"
	"musubi/core/community"
	"musubi/core/digest"
	"musubi/core/elsewhere"
	"musubi/core/figures"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/mailpost"
	"musubi/core/music"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/operator"
	"musubi/core/outbox"
	"musubi/core/people"
	"musubi/core/policy"
	"musubi/core/premium"
	"musubi/core/push"
	"musubi/core/report"
	"musubi/core/review"
	"musubi/core/search"
	"musubi/core/store/musicdb"
	"musubi/core/store/survey"
	"musubi/core/talk"
)

// Stores is the database as the rooms of core ask for it.
func (s *Store) Stores() network.Stores {
	p, a, j := s.People, s.Account, s.Journal
	return network.Stores{
		Desk:     core.Store{Transactions: s, MemberStore: s.Desk, PermissionStore: s.Desk, PhotoStore: s.Desk, OnceStore: s.Desk, AuditStore: s.Ledger, TaskStore: s.Ledger},
		Guard:    a,
		Outbox:   outbox.Store{MailStore: s.Mail, FailureStore: s.Mail},
		News:     news.Store{NewsStore: s.News, TellStore: s.News},
		Report:   report.Store{ReportStore: s.Console.Report, MeasureStore: s.Console.Report, FilterStore: s.Console.Report},
		Operator: operator.Store{AccountStore: s.Console.Operator, ActStore: s.Console.Operator, MemberStore: s.Console.Operator, RemovalStore: s.Console.Operator},
		Figures:  figures.Store{ViewStore: s.Console.Figures, FigureStore: s.Console.Figures},
		Premium:  premium.Store{EntitlementStore: s.Console.Premium, PlanStore: s.Console.Premium},
		Policy:   policy.Store{SettingStore: s.Console.Policy, TermsStore: s.Console.Policy, BanStore: s.Console.Policy, AnnouncementStore: s.Console.Policy},
		Advert:   advert.Store{CampaignStore: s.Console.Advert, CountStore: s.Console.Advert, IncomeStore: s.Console.Advert},
		Search:   search.Store{SearchStore: s.Search, FriendIDStore: p, Kinds: len(s.finds)},
		Talk:     talk.Store{CommentStore: s.Talk, LikeStore: s.Talk, MentionStore: s.Talk, Kinds: len(s.boards)},
		People: people.Store{ProfileStore: p, FriendStore: p, RequestStore: p, IntroductionStore: p, EndorsementStore: p, BookmarkStore: p,
			BlockStore: p, FootprintStore: p, BirthdayStore: p},
		Account:   account.Store{CredentialStore: a, SessionStore: a, AccountStore: a, AddressStore: a, LinkStore: a, InvitationStore: a, MailedStore: a, EasyLoginStore: a, SecondStepStore: a, PasskeyStore: a, AloneStore: s.Chores, FirstStore: survey.First{DB: s.db}},
		Journal:   journal.Store{DiaryStore: j, DraftStore: j, DiaryVisibilityStore: j, CategoryStore: j, ReadStore: j},
		Album:     album.Store{AlbumStore: s.Album, FilmStore: s.Films},
		Music:     music.Store{KeyStore: s.Music, PlayStore: s.Music, ChartStore: s.Music, CatalogueStore: s.Music, ListenerStore: s.Music, PlaylistStore: s.Music, LinkStore: musicdb.Links(s.Music), CoverStore: musicdb.Links(s.Music)},
		Review:    review.Store{ProductStore: s.Review, WishStore: s.Review, ReviewStore: s.Review, PinStore: s.Review},
		Letters:   letters.Store{MessageStore: s.Letters},
		Community: community.Store{CommunityStore: s.Community, MemberStore: s.Community, ThreadStore: s.Community, LifeStore: s.Community, MailingStore: s.BoardMail, EventStore: s.Events, EventWordStore: s.Events, PollStore: s.Events, LikeStore: s.Community, MentionStore: s.Talk},
		Calendar:  calendar.Store{PlanStore: s.Calendar},
		Elsewhere: elsewhere.Store{FeedStore: s.Elsewhere, KeyStore: s.Elsewhere},
		Bring:     bring.Store{ImportStore: s.Bring},
		Push:      push.Store{BrowserStore: s.Push},
		Mailpost:  mailpost.Store{AddressStore: s.Mail, SeenStore: s.Mail},
		Digest:    digest.Store{ChoiceStore: s.Mail},
		Chores:    chores.Store{SweepStore: s.Chores, LeaveStore: s.Chores, ExportStore: s.Chores, BatchStore: s.Chores},
	}
}
