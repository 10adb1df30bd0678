package web

import (
	"context"

	"musubi/core"
)

// categories lists one's diary categories, for changing them.
func (v journalPages) categories() error { return v.showCategories("", nil) }

func (v journalPages) showCategories(typed string, w wrong) error {
	list, err := v.site.core.Journal.DiaryCategories(v.ctx, v.viewer(), v.member.ID)
	if err != nil {
		return err
	}
	return v.show(&categoriesPage{frame(v), list, typed, w})
}

// changeCategory adds, renames or deletes a category, by the button that was pressed.
func (v journalPages) changeCategory() error {
	id, _ := core.ParseID(v.form.get("id"))
	name := v.form.get("name")
	return v.onceOr(func(w wrong) error { return v.showCategories(name, w) }, func(ctx context.Context) (string, error) {
		switch {
		case v.form.pressed("delete"):
			return categoriesPath, v.site.core.Journal.DeleteCategory(ctx, v.member.ID, id)
		case id != 0:
			return categoriesPath, v.site.core.Journal.RenameCategory(ctx, v.member.ID, id, name)
		}
		return categoriesPath, v.site.core.Journal.AddCategory(ctx, v.member.ID, name)
	})
}

const categoriesPath = "/diary/categories"
