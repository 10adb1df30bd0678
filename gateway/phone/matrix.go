package phone

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode"

	"musubi/carriers"
	"musubi/transcode/own"

	"github.com/valyala/fasthttp"
)

// An Attempt is one way of showing a subscriber ID to a site's easy login.
type Attempt struct {
	Source string // what forwarding fields claim the address is, "" for none
	Agent  carriers.Carrier
	Field  string // header field
	Place  string // where and how it stands
	Value  string // what was done to the ID
	// Honest is what a handset of that carrier shows itself; every other attempt should stay out.
	Honest bool
	In     bool   // the site answered otherwise than to a request without any ID
	Answer string // "302 /home", "200 ログイン"
}

// A MatrixConfig says where and with which ID to knock.
type MatrixConfig struct {
	URL  string // of the site
	Path string // of its easy login; "" means the link on the front page that asks for the ID
	ID   string // a subscriber ID in the form of Agent's carrier
	// Agent is the handset the ID belongs to; a docomo, au, SoftBank or EMOBILE User-Agent.
	Agent string
	// Registered says that the ID is registered for easy login there. Nobody is honest with one that is not.
	Registered bool
}

// agents are the clients that knock, beside the ID's own.
var agents = []string{
	"DoCoMo/2.0 P903i(c100;TB;W24H12)",
	"KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0",
	"SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1",
	"emobile/1.0.0 (H11T; like Gecko; Wireless) NetFront/3.4",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
}

// idField is the field each carrier's gateway writes.
var idField = map[carriers.Carrier]string{
	carriers.DoCoMo: "X-DCMGUID", carriers.Au: "X-UP-SUBNO", carriers.SoftBank: "X-JPHONE-UID", carriers.Emobile: "X-EM-UID",
}

// sources are what forwarding fields claim; the addresses lie in the carriers' published ranges.
var sources = []string{"", "127.0.0.1", "210.153.84.1", "27.90.206.1"}

// places write field f with value v into a request.
var places = []struct {
	name   string
	honest bool
	lines  func(f, v string) []string
}{
	{"header", true, func(f, v string) []string { return []string{f + ": " + v} }},
	{"header, lower case", true, func(f, v string) []string { return []string{strings.ToLower(f) + ": " + v} }},
	{"underscores", false, func(f, v string) []string { return []string{strings.ReplaceAll(f, "-", "_") + ": " + v} }},
	{"trailing hyphen", false, func(f, v string) []string { return []string{f + "-: " + v} }},
	{"trailing underscore", false, func(f, v string) []string { return []string{f + "_: " + v} }},
	{"double hyphen", false, func(f, v string) []string { return []string{strings.Replace(f, "-", "--", 1) + ": " + v} }},
	{"HTTP_ prefix", false, func(f, v string) []string { return []string{"HTTP_" + strings.ReplaceAll(f, "-", "_") + ": " + v} }},
	{"twice", false, func(f, v string) []string { return []string{f + ": " + v, f + ": " + v} }},
	{"after an empty one", false, func(f, v string) []string { return []string{f + ":", f + ": " + v} }},
	{"comma-joined", false, func(f, v string) []string { return []string{f + ": " + v + "," + v} }},
	{"folded", false, func(f, v string) []string { return []string{f + ":\r\n " + v} }},
	{"folded into another field", false, func(f, v string) []string { return []string{"X-A: b\r\n " + f + ": " + v} }},
	{"behind a bare CR", false, func(f, v string) []string { return []string{"X-A: b\r" + f + ": " + v} }},
	{"behind a bare LF", false, func(f, v string) []string { return []string{"X-A: b\n" + f + ": " + v} }},
	{"cookie", false, func(f, v string) []string { return []string{"Cookie: " + f + "=" + v} }},
	{"trailer", false, nil},
	{"announced trailer", false, nil},
	{"query", false, nil},
}

// values are what is done to the ID.
var values = []struct {
	name   string
	honest bool
	change func(string) string
}{
	{"as registered", true, func(v string) string { return v }},
	{"case flipped", false, func(v string) string { return strings.Map(flipCase, v) }},
	{"shortened", false, func(v string) string { return v[:len(v)-1] }},
	{"lengthened", false, func(v string) string { return v + "0" }},
	{"zeros", false, func(v string) string { return strings.Repeat("0", len(v)) }},
	{"empty", false, func(string) string { return "" }},
}

func flipCase(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}

// Matrix knocks in every way and reports each attempt. It changes nothing at the site but what logging in changes.
func Matrix(cfg MatrixConfig, report func(Attempt)) error {
	site, err := url.Parse(cfg.URL)
	if err != nil || site.Scheme != "http" || site.Host == "" {
		return fmt.Errorf("phone: %q is no site in plain HTTP, the only place where IDs are told", cfg.URL)
	}
	owner := carriers.Identify(carriers.Request{UserAgent: cfg.Agent}).Carrier
	if idField[owner] == "" || cfg.ID == "" {
		return errors.New("phone: the matrix needs an ID and the docomo, au, SoftBank or EMOBILE handset it belongs to")
	}
	if cfg.Path == "" {
		if cfg.Path, err = easyLink(cfg); err != nil {
			return err
		}
	}
	k := knocker{site, cfg}
	for _, agent := range withAgent(cfg.Agent) {
		carrier := carriers.Identify(carriers.Request{UserAgent: agent}).Carrier
		for _, field := range []carriers.Carrier{carriers.DoCoMo, carriers.Au, carriers.SoftBank, carriers.Emobile} {
			for _, place := range places {
				closed, _, err := k.knock(agent, nil, place.name, idField[field]+"\x00") // the door as it looks without an ID
				if err != nil {
					return err
				}
				for _, value := range values {
					for _, source := range sources {
						a := Attempt{Source: source, Agent: carrier, Field: idField[field], Place: place.name, Value: value.name,
							Honest: cfg.Registered && place.honest && value.honest && field == owner && carrier == owner}
						var lines []string
						if place.lines != nil {
							lines = place.lines(a.Field, value.change(cfg.ID))
						}
						if source != "" {
							lines = append(lines, "X-Forwarded-For: "+source, "X-Real-IP: "+source, "Forwarded: for="+source)
						}
						answer, ok, err := k.knock(agent, lines, place.name, a.Field+"\x00"+value.change(cfg.ID))
						if err != nil {
							return err
						}
						a.Answer, a.In = answer, ok && answer != closed
						report(a)
					}
				}
			}
		}
	}
	return nil
}

// withAgent puts the ID's own User-Agent in the place of ours for its carrier.
func withAgent(own string) []string {
	list := []string{own}
	carrier := carriers.Identify(carriers.Request{UserAgent: own}).Carrier
	for _, a := range agents {
		if carriers.Identify(carriers.Request{UserAgent: a}).Carrier != carrier {
			list = append(list, a)
		}
	}
	return list
}

// easyLink finds the link on the front page that asks the handset for its ID.
func easyLink(cfg MatrixConfig) (string, error) {
	p, err := New(Config{URL: cfg.URL, UserAgent: cfg.Agent})
	if err != nil {
		return "", err
	}
	page, err := p.Get("/")
	if err != nil {
		return "", err
	}
	for _, l := range page.Links {
		if asksForID(l.URL) || strings.Contains(l.Text, "かんたんログイン") {
			u, err := url.Parse(l.URL)
			if err != nil {
				continue
			}
			q := u.Query()
			q.Del(own.Session)
			u.RawQuery = q.Encode()
			return u.RequestURI(), nil
		}
	}
	return "", errors.New("phone: the front page has no easy login; is it on, and is this handset's carrier believed? Or say its path")
}

// A knocker sends one request after another, each as bytes: the parser of a client would tidy them.
type knocker struct {
	site *url.URL
	cfg  MatrixConfig
}

// knock sends one attempt. ok is false for answers that are refusals of the request itself. detail is field and value for
// places outside the header section.
func (k knocker) knock(agent string, lines []string, place, detail string) (answer string, ok bool, err error) {
	c, err := net.DialTimeout("tcp", k.site.Host, 5*time.Second)
	if err != nil {
		return "", false, err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	field, value, _ := strings.Cut(detail, "\x00")
	target := k.target()
	head := fmt.Sprintf("Host: %s\r\nUser-Agent: %s\r\nConnection: close\r\n", k.site.Host, agent)
	for _, l := range lines {
		head += l + "\r\n"
	}
	request := "GET " + target + " HTTP/1.1\r\n" + head + "\r\n"
	switch place {
	case "query":
		request = "GET " + target + "&" + field + "=" + url.QueryEscape(value) + "&uid=" + url.QueryEscape(value) + " HTTP/1.1\r\n" + head + "\r\n"
	case "trailer", "announced trailer":
		if place != "trailer" {
			head += "Trailer: " + field + "\r\n"
		}
		request = "POST " + target + " HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n" + field + ": " + value + "\r\n\r\n"
	}
	if _, err := c.Write([]byte(request)); err != nil {
		return "", false, err
	}
	var resp fasthttp.Response
	if err := resp.Read(bufio.NewReader(c)); err != nil {
		return "no answer", false, nil
	}
	status := resp.StatusCode()
	answer = fmt.Sprint(status)
	if to, err := url.Parse(string(resp.Header.Peek("Location"))); err == nil && to.Path != "" {
		answer += " " + to.Path
	}
	if status < 300 {
		shown := reader{page: &Page{}}
		shown.read(string(k.decode(agent, &resp)))
		answer += " " + shown.page.Title
	}
	return answer, status < 400, nil
}

// decode reads an answer as the agent would.
func (k knocker) decode(agent string, resp *fasthttp.Response) []byte {
	p, err := New(Config{URL: k.cfg.URL, UserAgent: agent})
	if err != nil {
		return nil
	}
	return p.decode(string(resp.Header.ContentType()), resp.Body())
}

// asksForID says whether an address asks for the handset's ID.
func asksForID(address string) bool {
	_, query, _ := strings.Cut(address, "?")
	return own.Asks(query)
}

// target asks for the ID in docomo's way, whatever the link looked like.
func (k knocker) target() string {
	if asksForID(k.cfg.Path) {
		return k.cfg.Path
	}
	if strings.Contains(k.cfg.Path, "?") {
		return k.cfg.Path + "&" + own.AskForID
	}
	return k.cfg.Path + "?" + own.AskForID
}
