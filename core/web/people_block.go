package web

import (
	"context"

	"musubi/core"
)

// blockRows is how many blocked members a page of the list shows.
const blockRows = 50

const blocksPath = "/settings/blocks"

// blockForm asks whether one really wants to block a member.
func (v friendPages) blockForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showBlockForm(id, nil)
}

func (v friendPages) showBlockForm(id core.ID, w wrong) error {
	m, relation, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	if relation == core.Self {
		return core.ErrNotFound
	}
	return v.show(&blockFormPage{frame(v), m, w})
}

// block hides a member and oneself from each other.
func (v friendPages) block() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.onceOr(func(w wrong) error { return v.showBlockForm(id, w) }, func(ctx context.Context) (string, error) {
		return blocksPath, v.site.core.People.Block(ctx, v.member.ID, id)
	})
}

// blocks lists those one has blocked.
func (v friendPages) blocks() error {
	p := &blocksPage{frame: frame(v), page: v.page(blockRows)}
	var err error
	if p.lines, p.more, err = v.site.core.People.Blocks(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// unblock ends a block.
func (v friendPages) unblock() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return blocksPath, v.site.core.People.Unblock(ctx, v.member.ID, id)
	})
}

func blockPath(id core.ID) string { return "/block?id=" + id.String() }
