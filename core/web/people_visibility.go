package web

import (
	"musubi/core"
	"musubi/core/people"
)

// visibilityPath is where a member chooses who sees which field, on handsets too, whose profile form does not ask.
const visibilityPath = "/settings/visibility"

// ownFields are the filled-in fields of one's profile whose visibility one can choose.
func (v profilePages) ownFields() ([]core.ProfileValue, error) {
	values, err := v.site.core.People.Profile(v.ctx, v.viewer(), v.member.ID)
	chosen := values[:0]
	for _, value := range values {
		if f, ok := people.FindProfileField(value.Key); ok && !f.Fixed {
			chosen = append(chosen, value)
		}
	}
	return chosen, err
}

// visibilityForm lists those fields, each with who sees it.
func (v profilePages) visibilityForm() error {
	values, err := v.ownFields()
	if err != nil {
		return err
	}
	return v.show(&visibilityPage{frame(v), values})
}

// setVisibility stores the choices; a field that the form does not name keeps its own.
func (v profilePages) setVisibility() error {
	values, err := v.ownFields()
	if err != nil {
		return err
	}
	for i := range values {
		if chosen, ok := core.ParseVisibility(v.form.get(values[i].Key + "-v")); ok {
			values[i].Visibility = chosen
		}
	}
	if err := v.site.core.People.EditProfile(v.ctx, v.member.ID, v.member.Name, values); err != nil {
		return err
	}
	v.redirect("/member")
	return nil
}
