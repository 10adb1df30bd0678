package web

import (
	"context"
	"strings"

	"musubi/core"
	"musubi/core/operator"
	"musubi/core/report"
)

// members finds members by name, address or ID.
func (v consolePages) members() error { return v.showMembers("", "", nil) }

func (v consolePages) showMembers(name, mail string, w wrong) (err error) {
	p := &consoleMembersPage{frame: frame(v), query: v.query("q"), page: v.page(consoleRows), name: name, mail: mail, wrong: w}
	if p.list, p.more, err = v.site.core.Operator.Find(v.ctx, p.query, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// person shows what an operator sees of a member.
func (v consolePages) person() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showPerson(id, nil)
}

func (v consolePages) showPerson(id core.ID, w wrong) (err error) {
	p := &consolePersonPage{frame: frame(v), wrong: w}
	if p.of, err = v.site.core.Operator.Person(v.ctx, id); err != nil {
		return err
	}
	if p.plans, err = v.site.core.Premium.Entitlements(v.ctx, id); err != nil {
		return err
	}
	if p.acts, _, err = v.site.core.Operator.Acts(v.ctx, "", actKinds, id, core.Page{Number: 1, Size: 20}); err != nil {
		return err
	}
	return v.show(p)
}

// changePerson carries out the button that was pressed on a member.
func (v consolePages) changePerson() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	op := v.site.core.Operator
	return v.onceOr(func(w wrong) error { return v.showPerson(id, w) }, func(ctx context.Context) (string, error) {
		to := consoleMember(id)
		switch {
		case v.form.pressed("free"):
			return to, op.Free(ctx, v.operator, id, v.form.get("reason"))
		case v.form.pressed("reset"):
			return to, op.ResetPassword(ctx, v.operator, id)
		case v.form.pressed("sessions"):
			return to, op.EndSessions(ctx, v.operator, id)
		case v.form.pressed("changemail"):
			return to, op.ChangeMail(ctx, v.operator, id, v.form.get("oldmail"), v.form.get("mail"), v.form.get("proof"))
		case v.form.pressed("removemember"):
			return to, op.Remove(ctx, v.operator, id, v.form.get("reason"), v.site.core.Policy.State(ctx).RestoreDays())
		case v.form.pressed("restore"):
			return to, op.Restore(ctx, v.operator, id, v.form.get("reason"))
		}
		return to, v.measurePerson(ctx, id)
	})
}

// measurePerson takes a measure against a member that no report led to.
func (v consolePages) measurePerson(ctx context.Context, id core.ID) error {
	kind, ok := v.form.measure()
	m, err := v.measureOf()
	if err != nil {
		return err
	}
	m.Member = id
	switch {
	case ok && kind == report.Held:
		return v.site.core.Operator.Hold(ctx, v.operator, m)
	case ok && kind == report.Warned:
		return v.site.core.Operator.Warn(ctx, v.operator, m)
	case ok && kind == report.Stopped:
		return v.site.core.Operator.Stop(ctx, v.operator, m)
	}
	return core.ErrNotFound
}

// addPerson makes a member without an invitation.
func (v consolePages) addPerson() error {
	name, mail := v.form.get("name"), v.form.get("mail")
	m, err := v.site.core.Operator.AddMember(v.ctx, v.operator, name, mail)
	if w, ok := invalid(err); ok {
		return v.showMembers(name, mail, w)
	}
	if err != nil {
		return err
	}
	v.redirect(consoleMember(m.ID))
	return nil
}

// acts is the log of what operators did.
func (v consolePages) acts() (err error) {
	p := &consoleActsPage{frame: frame(v), query: v.query("q"), page: v.page(consoleRows)}
	if p.list, p.more, err = v.site.core.Operator.Acts(v.ctx, p.query, actKinds, 0, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// actKinds are the kinds of acts that are called by a word, in either language.
func actKinds(folded string) (kinds []string) {
	for key, row := range catalogue {
		if kind, ok := strings.CutPrefix(key, "act."); ok && (strings.Contains(core.Fold(row[japanese]), folded) || strings.Contains(core.Fold(row[english]), folded)) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// actNames are the names of the members whom acts are about; the ID of one who is gone.
func (v consolePages) actNames(list []operator.Act) map[core.ID]string {
	names := map[core.ID]string{}
	for _, a := range list {
		if _, ok := names[a.Member]; !ok && a.Member != 0 {
			names[a.Member] = a.Member.String()
			if name, err := v.site.core.Operator.NameOf(v.ctx, a.Member); err == nil && name != "" {
				names[a.Member] = name
			}
		}
	}
	return names
}

// accounts lists those who run the service.
func (v consolePages) accounts() error { return v.showAccounts(operator.Key{}, "", nil) }

func (v consolePages) showAccounts(made operator.Key, name string, w wrong) (err error) {
	p := &consoleAccountsPage{frame: frame(v), made: made, name: name, wrong: w}
	if p.list, err = v.site.core.Operator.Operators(v.ctx); err != nil {
		return err
	}
	return v.show(p)
}

// changeAccounts makes an operator, whose password and secret are shown this once, or ends one.
func (v consolePages) changeAccounts() error {
	name := v.form.get("name")
	if v.form.pressed("end") {
		return v.onceOr(func(w wrong) error { return v.showAccounts(operator.Key{}, "", w) }, func(ctx context.Context) (string, error) {
			return consoleAccountsPath, v.site.core.Operator.End(ctx, v.operator, name)
		})
	}
	if v.form.pressed("appoint") {
		member, ok := core.ParseID(v.form.get("member"))
		if !ok && v.form.get("member") != "" {
			return v.showAccounts(operator.Key{}, name, wrong{{Field: "name", Key: "field.number"}})
		}
		return v.onceOr(func(w wrong) error { return v.showAccounts(operator.Key{}, "", w) }, func(ctx context.Context) (string, error) {
			return consoleAccountsPath, v.site.core.Operator.Appoint(ctx, v.operator, name, member)
		})
	}
	role, ok := operator.ParseRole(v.form.get("role"))
	if !ok {
		return v.showAccounts(operator.Key{}, name, wrong{{Field: "role", Key: "field.choice"}})
	}
	key := operator.NewKey()
	_, err := v.site.core.Operator.Create(v.ctx, v.operator.Name, name, role, key)
	if w, ok := invalid(err); ok {
		return v.showAccounts(operator.Key{}, name, w)
	}
	if err != nil {
		return err
	}
	return v.showAccounts(key, name, nil)
}
