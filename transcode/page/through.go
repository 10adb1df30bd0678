package page

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/transcode/markup"
	"musubi/transcode/own"
)

// A browser gets a page of any site as its author wrote it, but for its addresses: whatever it follows, sends or loads comes through the
// gateway again. So a page is read tag by tag, without the limits of a tree, and what no rule names is left to the policy that goes with it.

// through writes such a page.
func (r *renderer) through(dst, src []byte, info Info) ([]byte, Info) {
	t := through{links: &r.w.Links}
	// Bytes of these charsets look like tags and quotes and are none, or the other way round.
	if utf8, name := markup.CanonicalOf(src, info.ContentType); strings.HasPrefix(name, "utf-16") || name == "iso-2022-jp" {
		kind, _, _ := strings.Cut(info.ContentType, ";")
		src, info.ContentType = utf8, kind+"; charset=UTF-8"
		if name == "iso-2022-jp" { // what the site reads from its forms
			t.charset = name
		}
	}
	dst = t.page(dst, src)
	info.Title = strings.Join(strings.Fields(t.title), " ")
	return dst, info
}

// Style writes a style sheet of any site for a browser, so that what it loads comes through the gateway again.
func Style(dst []byte, h *carriers.Handset, src []byte, o Options) []byte {
	r := renderers.Get().(*renderer)
	defer r.release()
	r.w.Links.Reset(h, o.URL, o.Session)
	r.w.Links.SetWay(o.Way)
	t := through{links: &r.w.Links}
	return append(dst, t.style(string(src))...)
}

// A through is one page on its way.
type through struct {
	links   *markup.Links
	charset string // of forms that say nothing
	title   string
	based   bool // its base has been read
	deep    bool // it stands within another
	posts   bool // the element sends a form by post, or may
	fills   bool // the form that is open is sent by GET
}

type attribute struct{ name, value string }

func (t *through) page(dst, src []byte) []byte {
	z := html.NewTokenizer(bytes.NewReader(src))
	in, drawing := "", 0 // the element whose text is no markup; how many drawings are open
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return append(dst, z.Raw()...)
		case html.TextToken:
			switch raw := z.Raw(); in {
			case "style":
				dst = append(dst, t.style(string(raw))...)
			case "title":
				t.title, dst = html.UnescapeString(string(raw)), append(dst, raw...)
			default:
				dst = append(dst, raw...)
			}
			in = ""
		case html.StartTagToken, html.SelfClosingTagToken:
			raw := bytes.Clone(z.Raw())
			name, more := z.TagName()
			tag, attrs := string(name), []attribute(nil)
			for more {
				var k, v []byte
				k, v, more = z.TagAttr()
				attrs = append(attrs, attribute{string(k), string(v)})
			}
			if drawing > 0 || shownAnyway[tag] { // in a drawing nothing is raw text
				z.NextIsNotRawText()
			}
			if in = tag; kind == html.StartTagToken && (tag == "svg" || tag == "math") {
				drawing++
				z.AllowCDATA(true)
			}
			if tag == "form" {
				t.fills = !strings.EqualFold(valueOf(attrs, "method"), "post")
			}
			dst = t.besideButton(dst, tag, attrs)
			if edited, ok := t.edit(tag, attrs); ok {
				raw = appendTag(nil, tag, edited, kind == html.SelfClosingTagToken)
			}
			dst = append(dst, raw...)
			if tag == "form" && !strings.EqualFold(valueOf(attrs, "method"), "post") { // what is filled in takes the place of a query
				if session := t.links.Session(); session != "" {
					dst = appendHidden(dst, own.Session, session)
				}
				for _, name := range t.links.FormFields([]byte(valueOf(attrs, "action"))) {
					dst = appendHidden(dst, name, "1")
				}
			}
		default:
			in = ""
			raw := bytes.Clone(z.Raw())
			if name, _ := z.TagName(); kind == html.EndTagToken && drawing > 0 && (string(name) == "svg" || string(name) == "math") {
				drawing--
				z.AllowCDATA(drawing > 0)
			}
			dst = append(dst, raw...)
		}
	}
}

// besideButton writes what a button that sends its form elsewhere, by GET, has to bear of ours: a query of its own would be lost. Since
// the other buttons of the form send it too, it names the site for which it counts.
func (t *through) besideButton(dst []byte, tag string, attrs []attribute) []byte {
	to := strings.TrimSpace(valueOf(attrs, "formaction"))
	if to == "" || tag != "button" && tag != "input" {
		return dst
	}
	method, form := valueOf(attrs, "formmethod"), valueOf(attrs, "form")
	if method == "" && (!t.fills || form != "") || method != "" && strings.EqualFold(method, "post") {
		return dst
	}
	host := t.links.Host([]byte(to))
	if host == "" {
		return dst
	}
	for _, name := range t.links.FormFields([]byte(to)) {
		hidden := []attribute{{"type", "hidden"}, {"name", name}, {"value", host}}
		if form != "" {
			hidden = append(hidden, attribute{"form", form})
		}
		dst = appendTag(dst, "input", hidden, true)
	}
	return dst
}

// shownAnyway is what some browsers show in place of what they do not know, and others do not read as markup. Scripts there are none.
var shownAnyway = map[string]bool{"noscript": true, "noframes": true, "noembed": true, "iframe": true}

func appendTag(dst []byte, tag string, attrs []attribute, closed bool) []byte {
	dst = append(append(dst, '<'), tag...)
	for _, a := range attrs {
		dst = append(append(append(dst, ' '), a.name...), `="`...)
		dst = append(append(dst, html.EscapeString(a.value)...), '"')
	}
	if closed {
		dst = append(dst, " /"...)
	}
	return append(dst, '>')
}

func appendHidden(dst []byte, name, value string) []byte {
	return appendTag(dst, "input", []attribute{{"type", "hidden"}, {"name", name}, {"value", value}}, true)
}

func valueOf(attrs []attribute, name string) string {
	for _, a := range attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// lazily are the attributes in which pages keep the address of a picture for a script that puts it in place when it comes into view, in the
// order in which they count.
var lazily = [...]string{"data-src", "data-lazy-src", "data-original"}

// inStyle are those in which scripts find the address of a picture behind an element.
var inStyle = map[string]bool{"data-bg": true, "data-background": true, "data-background-image": true}

// edit makes the attributes of an element lead through the gateway, and says whether anything had to be changed.
func (t *through) edit(tag string, attrs []attribute) (edited []attribute, changed bool) {
	if tag == "base" && !t.based {
		t.based = true
		t.links.SetBase([]byte(valueOf(attrs, "href")))
	}
	if tag == "img" || tag == "source" { // what a script would do
		given := attrs
		attrs = unlazy(attrs)
		changed = !slices.Equal(given, attrs)
	}
	t.posts = tag == "form" && strings.EqualFold(valueOf(attrs, "method"), "post") || valueOf(attrs, "formaction") != ""
	for _, a := range attrs {
		v, keep := t.value(tag, a, attrs)
		changed = changed || !keep || v != a.value
		if keep {
			edited = append(edited, attribute{a.name, v})
		}
	}
	if tag == "form" && t.charset != "" && valueOf(attrs, "accept-charset") == "" {
		edited, changed = append(edited, attribute{"accept-charset", t.charset}), true
	}
	return edited, changed
}

// unlazy puts the addresses of a picture where browsers look for them.
func unlazy(attrs []attribute) []attribute {
	attrs = slices.Clone(attrs)
	set := func(name, value string) {
		for i := range attrs {
			if attrs[i].name == name {
				attrs[i].value = value
				return
			}
		}
		attrs = append(attrs, attribute{name, value})
	}
	if v := valueOf(attrs, "data-srcset"); v != "" {
		set("srcset", v)
	}
	for i := len(lazily) - 1; i >= 0; i-- {
		if v := strings.TrimSpace(valueOf(attrs, lazily[i])); v != "" && !strings.HasPrefix(v, "data:") {
			set("src", v)
		}
	}
	return attrs
}

// value is what becomes of an attribute; keep says false of one that goes.
func (t *through) value(tag string, a attribute, all []attribute) (value string, keep bool) {
	switch a.name {
	case "href":
		if tag == "base" {
			return html.UnescapeString(string(t.links.Self(nil, 0))), true
		}
		return t.url(a.value), true
	case "action", "formaction":
		t.links.Posts = t.posts
		defer func() { t.links.Posts = false }()
		to := t.url(a.value)
		if !t.posts {
			to, _, _ = strings.Cut(to, "?")
		}
		return to, true
	case "src", "poster", "background", "longdesc", "cite", "xlink:href", "manifest", "codebase", "lowsrc", "dynsrc", "profile",
		"data-src", "data-lazy-src", "data-original", "data-href", "data-url":
		return t.url(a.value), true
	case "data":
		if tag == "object" {
			return t.url(a.value), true
		}
	case "value":
		if tag == "param" && addressed[strings.ToLower(valueOf(all, "name"))] {
			return t.url(a.value), true
		}
	case "srcset", "imagesrcset", "data-srcset":
		return t.candidates(a.value), true
	case "style":
		return t.style(a.value), true
	case "srcdoc":
		if t.deep { // a page in a page in a page
			return "", true
		}
		inner := through{links: t.links, charset: t.charset, based: true, deep: true}
		return string(inner.page(nil, []byte(a.value))), true
	case "ping", "integrity", "crossorigin": // the bytes are not the site's any more, nor is the origin
		return "", false
	case "content":
		if tag == "meta" {
			return t.meta(a.value, valueOf(all, "http-equiv"))
		}
	}
	if inStyle[a.name] {
		if strings.Contains(a.value, "(") {
			return t.style(a.value), true
		}
		return t.url(a.value), true
	}
	return a.value, true
}

// addressed are parameters of objects whose value is an address.
var addressed = map[string]bool{"movie": true, "src": true, "filename": true, "url": true}

// meta is the content of a meta element: a policy of the page's own would keep us out.
func (t *through) meta(content, kind string) (string, bool) {
	switch {
	case strings.EqualFold(kind, "content-security-policy"):
		return "", true
	case strings.EqualFold(kind, "refresh"):
		if to := markup.RefreshURL([]byte(content)); to != nil {
			wait := strings.TrimSpace(content)
			wait = wait[:len(wait)-len(strings.TrimLeft(wait, "0123456789."))]
			return wait + ";url=" + t.url(string(to)), true
		}
	}
	return content, true
}

// url is an address as the browser has to ask for it; what is no address of a site stays.
func (t *through) url(u string) string {
	if strings.TrimSpace(u) == "" {
		return u
	}
	if to, kind := t.links.Append(nil, []byte(u), false); kind == markup.LinkLocal {
		return html.UnescapeString(string(to))
	}
	return u
}

// candidates are the pictures of a srcset.
func (t *through) candidates(set string) string {
	var out []string
	for c := range markup.Candidates([]byte(set)) {
		u := t.url(string(c.URL))
		// What ends an address in a srcset must not stand at its end, nor a space in it.
		u = strings.NewReplacer(",", "%2C", " ", "%20").Replace(u)
		out = append(out, strings.TrimSpace(u+" "+string(c.More)))
	}
	return strings.Join(out, ", ")
}

// cssURL finds the addresses in a style sheet.
var cssURL = regexp.MustCompile(`(?i)(url\(\s*|@import\s+)("[^"\n]*"|'[^'\n]*')|(url\(\s*)([^\s"'()]+)`)

// imageSet finds a choice of pictures, and setMember those of them that are bare strings.
var (
	imageSet  = regexp.MustCompile(`(?i)image-set\((?:[^()"']|"[^"\n]*"|'[^'\n]*'|\((?:[^()"']|"[^"\n]*"|'[^'\n]*')*\))*\)`)
	setMember = regexp.MustCompile(`(?i)((?:url|type)\([^)]*\))|(image-set\(\s*|,\s*)("[^"\n]*"|'[^'\n]*')`)
)

func (t *through) style(css string) string {
	css = imageSet.ReplaceAllStringFunc(css, func(set string) string {
		return setMember.ReplaceAllStringFunc(set, func(found string) string { // written as all others, and found below
			if m := setMember.FindStringSubmatch(found); m[3] != "" {
				return m[2] + "url(" + m[3] + ")"
			}
			return found
		})
	})
	return cssURL.ReplaceAllStringFunc(css, func(found string) string {
		m := cssURL.FindStringSubmatch(found)
		u := strings.Trim(m[2], `"'`) + m[4]
		if strings.HasPrefix(strings.ToLower(u), "data:") {
			return found
		}
		return m[1] + m[3] + `"` + strings.NewReplacer(`"`, "%22", `\`, `\\`).Replace(t.url(u)) + `"`
	})
}
