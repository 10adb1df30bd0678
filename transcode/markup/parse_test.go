package markup_test

import (
	"fmt"
	"strings"
	"testing"

	"musubi/transcode/markup"
)

// outline writes a tree as its structure: elements with brackets, text in quotes.
func outline(src string) string {
	var t markup.Tree
	t.Parse([]byte(src))
	var b strings.Builder
	var ends []int32
	for i := int32(0); i < int32(len(t.Nodes)); i++ {
		for len(ends) > 0 && i >= ends[len(ends)-1] {
			b.WriteByte(')')
			ends = ends[:len(ends)-1]
		}
		n := t.Nodes[i]
		if n.Tag == markup.Text {
			fmt.Fprintf(&b, "%q", t.Text(i))
			continue
		}
		b.WriteString(n.Tag.String() + "(")
		ends = append(ends, n.End)
	}
	return b.String() + strings.Repeat(")", len(ends))
}

func TestParse(t *testing.T) {
	for _, row := range []struct{ src, want string }{
		{"a<b>c", `"a"b("c")`},
		{"<p>a<fieldset>b</fieldset>c", `p("a")fieldset("b")"c"`},
		{"<p>a<p>b<div>c</div>d", `p("a")p("b")div("c")"d"`},
		{"<ul><li>a<li>b<ul><li>c</ul></ul>d", `ul(li("a")li("b"ul(li("c"))))"d"`},
		{"<dl><dt>a<dd>b<dt>c</dl>", `dl(dt("a")dd("b")dt("c"))`},
		{"<table><tr><td>a<td>b<tr><th>c</table>d", `table(tr(td("a")td("b"))tr(th("c")))"d"`},
		{"<td></p></div>a", `"a"`},
		{"<table><td>a</p></div>b", `table(td("a""b"))`},
		{"<select><option>a<option selected>b</select>c", `select(option("a")option("b"))"c"`},
		{"<select><option>a<input>b", `select(option("a"))input()"b"`},
		{"<h1>a</h2>b", `h1("a")"b"`},
		{"<h1>a<h2>b", `h1("a")h2("b")`},
		{"<br/><hr>a</br>", `br()hr()"a"br()`},
		{"<title>a<b>&amp;</title>c", `title("a<b>&")"c"`},
		{"<textarea><p>a</textarea>b", `textarea("<p>a")"b"`},
		{"<script>if (a</script>b", `script("if (a")"b"`},
		{"<script>a", `script("a")`},
		{"a<!-- b --!>c<!-->d<!doctype x>e<?php f ?>g", `"a""c""d""e""g"`},
		{"1 < 2 <3 a<b", `"1 < 2 <3 a"`},
		{"<a href='x>y'>z", `a("z")`},
		{"<a href=x", ``},
		{"<blah>a</blah>", `"a"`},
		{"<form>a<form>b</form>c", `form("a""b")"c"`},
		{"<svg><title>a</title><![CDATA[b]]></svg><![CDATA[c]]>d", `svg("a""b")"d"`},
		{"<svg><circle><p>a", `svg()p("a")`},
		{"<iframe src=x><b>a</iframe>b", `iframe(b("a"))"b"`},
		{"<plaintext><b>a", `plaintext("<b>a")`},
		{"<P>A</p \n>B", `p("A")"B"`},
		{"&lt;&AMP&copy2007&notit;&#x41&#66;&bogus;&", `"<&©2007¬it;AB&bogus;&"`},
	} {
		if got := outline(row.src); got != row.want {
			t.Errorf("%s\n got %s\nwant %s", row.src, got, row.want)
		}
	}
}

func TestAttributeReferences(t *testing.T) {
	var tree markup.Tree
	tree.Parse([]byte(`<a href="?a=1&copy=2&amp;b&lt;c&notit;&copy;" title=x&amp;y HREF=second>`))
	if got := string(tree.Value(0, markup.AttrHref)); got != "?a=1&copy=2&b<c&notit;©" {
		t.Errorf("href is %q", got)
	}
	if got := string(tree.Value(0, markup.AttrTitle)); got != "x&y" {
		t.Errorf("title is %q", got)
	}
}

// TestLimits: what goes beyond a limit loses its tags and keeps its text.
func TestLimits(t *testing.T) {
	var tree markup.Tree
	tree.Parse([]byte(strings.Repeat("<div>", 5000) + "底" + strings.Repeat("</div>", 5000) + "<p>後"))
	deepest, open := 0, []int32{}
	for i, n := range tree.Nodes {
		for len(open) > 0 && int32(i) >= open[len(open)-1] {
			open = open[:len(open)-1]
		}
		if n.End > int32(i)+1 {
			open = append(open, n.End)
		}
		deepest = max(deepest, len(open))
	}
	if deepest > markup.MaxDepth {
		t.Errorf("%d elements deep, %d are allowed", deepest, markup.MaxDepth)
	}
	if last := tree.Nodes[len(tree.Nodes)-2]; last.Tag != markup.TagP || last.End != int32(len(tree.Nodes)) {
		t.Errorf("the paragraph behind is %+v", last)
	}
}

// TestDialectTable: every dialect that Identify can name has a table, and the tables only grow with versions.
func TestDialectTable(t *testing.T) {
	for _, row := range []struct {
		dialect, element, attr string
		want                   bool
	}{
		{"chtml-1.0", "a", "accesskey", true}, {"chtml-1.0", "font", "", false}, {"chtml-2.0", "font", "color", true},
		{"chtml-2.0", "a", "utn", false}, {"chtml-3.0", "a", "utn", true}, {"chtml-7.2", "marquee", "loop", true}, {"chtml-7.2", "table", "", false},
		{"ixhtml-1.0", "table", "", false}, {"ixhtml-2.3", "table", "", true}, {"ixhtml-1.0", "font", "", false}, {"ixhtml-1.0", "div", "style", true},
		{"xhtml-mp", "b", "", true}, {"xhtml-mp", "button", "", false}, {"xhtml-mp", "ol", "start", false}, {"jphone", "a", "directkey", true}, {"jphone", "a", "accesskey", false},
		{"html-3.2", "table", "border", true}, {"html-3.2", "span", "", false}, {"html-3.2", "nonsense", "", false},
	} {
		if got := markup.Named(row.dialect).Allows(row.element, row.attr); got != row.want {
			t.Errorf("%s %s %s: %v, want %v", row.dialect, row.element, row.attr, got, row.want)
		}
	}
}
