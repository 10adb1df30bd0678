package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"musubi/core"
	"musubi/core/bring"
)

// Addresses of what members bring.
const (
	importPath   = "/settings/import"
	importDoPath = "/settings/import/do"
)

// imports shows what the member has brought, what waits for a yes, and the form for a file.
func (v bringPages) imports() error { return v.showImports(nil) }

func (v bringPages) showImports(w wrong) error {
	p := &importsPage{frame: frame(v), wrong: w, now: v.site.core.Now(), takes: v.site.core.Bring.Takes(), chosen: max(v.member.DiaryVisibility, core.Friends)}
	var err error
	if p.list, err = v.site.core.Bring.Imports(v.ctx, v.member.ID); err != nil {
		return err
	}
	if w != nil && v.form.get("visibility") != "" {
		p.chosen = formVisibility(v.form)
	}
	busy := func(i bring.Import) bool { return i.State == bring.Working || i.State == bring.Undoing }
	if w == nil && slices.ContainsFunc(p.list, busy) && v.ctx.IsGet() {
		v.ctx.Response.Header.Set("Refresh", strconv.Itoa(exportRefresh))
	}
	return v.show(p)
}

// formVisibility is what a form says of who may see it; private when it says nothing that we know.
func formVisibility(f form) core.Visibility {
	n, err := strconv.ParseUint(f.get("visibility"), 10, 8)
	if err != nil || core.Visibility(n) > core.Private {
		return core.Private
	}
	return core.Visibility(n)
}

// look looks through a file. It is kept for a day; nothing of it is stored before the member has seen what it has.
func (v bringPages) look() error {
	files, names := v.form.files["file"], v.form.names["file"]
	if len(files) == 0 {
		return v.showImports(wrong{{Field: "file", Key: "field.required"}})
	}
	if v.form.letGo(files[0]) {
		return v.showImports(wrong(bring.ErrFileLarge))
	}
	_, err := v.site.core.Bring.Show(v.ctx, v.member.ID, names[0], files[0])
	if w, ok := invalid(err); ok {
		v.ctx.SetStatusCode(http.StatusUnprocessableEntity)
		return v.showImports(w)
	}
	if err != nil {
		return err
	}
	v.redirect(importPath)
	return nil
}

// decide brings in what was shown, forgets it, or takes back what was brought.
func (v bringPages) decide() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.onceOr(v.showImports, func(ctx context.Context) (string, error) {
		s := v.site.core.Bring
		switch {
		case v.form.pressed("delete"):
			return importPath, s.Undo(ctx, v.member.ID, id)
		case v.form.pressed("drop"):
			return importPath, s.Drop(ctx, v.member.ID, id)
		}
		return importPath, s.Bring(ctx, v.member.ID, id, bring.Choice{Visibility: formVisibility(v.form), Comments: v.form.pressed("comments"), Title: v.form.get("title")})
	})
}

// past says whether there is an import that was said yes to.
func (p *importsPage) past() bool {
	return slices.ContainsFunc(p.list, func(i bring.Import) bool { return i.State != bring.Shown })
}
