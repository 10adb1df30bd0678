package web

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/letters"
	"musubi/core/report"
)

// messageRows is how many messages a page of a folder shows.
const messageRows = 20

// Addresses of messages.
const (
	messagesPath      = "/messages"
	messagePath       = "/message"
	messageSearchPath = "/message/search"
	messageWritePath  = "/message/write"
	messagesWithPath  = "/messages/with"
)

// folderNames are the folders in addresses, folderWords on the screen.
var (
	folderNames = [...]string{letters.Inbox: "inbox", letters.Sent: "sent", letters.Drafts: "drafts", letters.Trash: "trash"}
	folderWords = [...]string{letters.Inbox: "messages.inbox", letters.Sent: "messages.sent", letters.Drafts: "messages.drafts", letters.Trash: "messages.trash"}
)

func folderPath(f letters.Folder) string {
	if f == letters.Inbox {
		return messagesPath
	}
	return messagesPath + "?folder=" + folderNames[f]
}

func messageIDPath(id core.ID) string { return messagePath + "?id=" + id.String() }

func messageToPath(id core.ID) string { return messageWritePath + "?to=" + id.String() }

// messages lists a folder; the inbox when the address names none.
func (v letterPages) messages() error {
	p := &messagesPage{frame: frame(v), page: v.page(messageRows)}
	for f, name := range folderNames {
		if v.query("folder") == name {
			p.folder = letters.Folder(f)
		}
	}
	var err error
	if p.list, p.more, err = v.site.core.Letters.Messages(v.ctx, v.member.ID, p.folder, p.page); err != nil {
		return err
	}
	if p.kept, err = v.site.core.Letters.KeptDays(v.ctx, v.member.ID); err != nil {
		return err
	}
	return v.show(p)
}

// conversation shows what was written between oneself and those whom the address names, in order; without a name, with whom there is any.
func (v letterPages) conversation() error {
	p := &conversationPage{frame: frame(v), page: v.page(messageRows)}
	for _, raw := range v.ctx.QueryArgs().PeekMulti("id") {
		if id, ok := core.ParseID(string(raw)); ok && !slices.Contains(p.with, id) {
			p.with = append(p.with, id)
		}
	}
	var err error
	if len(p.with) == 0 {
		if p.list, p.more, err = v.site.core.Letters.Correspondents(v.ctx, v.member.ID, p.page); err != nil {
			return err
		}
		return v.show(p)
	}
	if p.list, p.more, err = v.site.core.Letters.Conversation(v.ctx, v.member.ID, p.with, p.page); err != nil {
		return err
	}
	if len(p.with) == 1 {
		p.of, err = v.addressee(p.with[0])
		if p.reachable = err == nil; err != nil && !errors.Is(err, core.ErrNotFound) {
			return err
		}
	}
	return v.show(p)
}

// withPath is the conversation with some members.
func withPath(members ...core.ID) string {
	path := messagesWithPath
	for i, id := range members {
		if i == 0 {
			path += "?id=" + id.String()
		} else {
			path += "&id=" + id.String()
		}
	}
	return path
}

// findMessages is the search in one's own messages.
func (v letterPages) findMessages() error {
	p := &messageSearchPage{frame: frame(v), query: v.query("q"), page: v.page(messageRows)}
	var err error
	if p.list, p.more, err = v.site.core.Letters.FindMessages(v.ctx, v.member.ID, p.query, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// message shows one message, and what can be done with it.
func (v letterPages) message() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	m, err := v.site.core.Letters.OpenMessage(v.ctx, v.member.ID, id)
	if err != nil {
		return err
	}
	p := &letterPage{frame: frame(v), entry: m}
	if p.hidden, err = v.concealed(report.Thing{Kind: letters.ReportedMessage, Owner: m.Author(), ID: m.ID}, core.Private); err != nil {
		return err
	}
	p.of, err = v.addressee(m.Other)
	if p.reachable = err == nil; err != nil && !errors.Is(err, core.ErrNotFound) {
		return err
	}
	return v.show(p)
}

// addressee is a member whom one can write to; ErrNotFound for every other one.
func (v letterPages) addressee(id core.ID) (core.Member, error) {
	m, relation, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if err == nil && relation == core.Self {
		err = core.ErrNotFound
	}
	return m, err
}

// moveMessage carries out a button of a message: into the trash, back out of it, or out of the world.
func (v letterPages) moveMessage() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		m, err := v.site.core.Letters.Message(ctx, v.member.ID, id)
		switch {
		case err != nil:
			return "", err
		case v.form.pressed("restore"):
			v.said = "said.restored"
			return folderPath(m.Kind), v.site.core.Letters.RestoreMessage(ctx, v.member.ID, id)
		case v.form.pressed("delete"):
			v.said = "said.deleted"
			return folderPath(letters.Trash), v.site.core.Letters.DeleteMessage(ctx, v.member.ID, id)
		}
		return folderPath(m.Folder), v.site.core.Letters.TrashMessage(ctx, v.member.ID, id)
	})
}

// emptyTrash removes for good what is in the trash.
func (v letterPages) emptyTrash() error {
	return v.once(func(ctx context.Context) (string, error) {
		return folderPath(letters.Trash), v.site.core.Letters.EmptyTrash(ctx, v.member.ID)
	})
}

// names are those with whom the conversation is, as they are called in it; turned is the page that is so many further back.
func (p *conversationPage) names() string {
	var names []string
	for i := range p.list {
		if !slices.Contains(names, p.list[i].OtherName) {
			names = append(names, p.list[i].OtherName)
		}
	}
	return strings.Join(names, "・")
}

func (p *conversationPage) turned(by int) string {
	return withPath(p.with...) + "&page=" + strconv.Itoa(p.page.Number+by)
}
