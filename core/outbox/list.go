package outbox

import (
	"strconv"
	"strings"

	"musubi/core"
)

// UnsubscribePath is the page that ends letters of one kind.
const UnsubscribePath = "/unsubscribe"

// unsubscribeLink is the address that ends letters like this one; "": it is no such letter.
func (s *Service) unsubscribeLink(l Letter) string {
	if l.List == "" || l.Member == 0 {
		return ""
	}
	return s.here.Load().(string) + UnsubscribePath + "?t=" + s.UnsubscribeToken(l.Member, l.List)
}

// UnsubscribeToken lets whoever has it end letters of a kind to a member, and nothing else. It is no secret of the member's: it lies
// in letters that are passed on.
func (s *Service) UnsubscribeToken(member core.ID, list string) string {
	head := strconv.FormatInt(int64(member), 36) + "." + list
	return head + "." + s.Keyed(s.Keys.Link, "unsubscribe "+head)[:22]
}

// ReadUnsubscribe gives what a token is about.
func (s *Service) ReadUnsubscribe(token string) (member core.ID, list string, ok bool) {
	number, rest, _ := strings.Cut(token, ".")
	list = rest[:max(strings.LastIndexByte(rest, '.'), 0)]
	n, err := strconv.ParseInt(number, 36, 64)
	if err != nil || n <= 0 || list == "" || token != s.UnsubscribeToken(core.ID(n), list) {
		return 0, "", false
	}
	return core.ID(n), list, true
}
