package web

import (
	"time"

	"musubi/core"
	"musubi/core/people"
)

// profileForm is the member's profile as a form.
func (v profilePages) profileForm() error {
	values, err := v.site.core.People.Profile(v.ctx, v.viewer(), v.member.ID)
	if err != nil {
		return err
	}
	return v.show(&profileFormPage{frame: frame(v), name: v.member.Name, values: values})
}

// editProfile stores it, or shows it again with what is wrong.
func (v profilePages) editProfile() error {
	name, values := v.form.get("name"), v.form.profile(people.ProfileFields)
	err := v.keepVisibilities(values)
	if err == nil {
		err = v.site.core.People.EditProfile(v.ctx, v.member.ID, name, values)
	}
	if w, ok := invalid(err); ok {
		return v.show(&profileFormPage{frame(v), name, values, w})
	}
	if err != nil {
		return err
	}
	v.redirect("/member")
	return nil
}

// keepVisibilities leaves who may see a field as it was where the form, being a handset's, did not ask.
func (v profilePages) keepVisibilities(values []core.ProfileValue) error {
	before, err := v.site.core.People.Profile(v.ctx, v.viewer(), v.member.ID)
	if err != nil {
		return err
	}
	for i := range values {
		for _, b := range before {
			if b.Key == values[i].Key && v.form.get(b.Key+"-v") == "" {
				values[i].Visibility = b.Visibility
			}
		}
	}
	return nil
}

// profilePhotos shows the photos of one's profile, to add, choose and delete.
func (v profilePages) profilePhotos() error { return v.showProfilePhotos(nil) }

func (v profilePages) showProfilePhotos(w wrong) error {
	photos, err := v.site.core.People.ProfilePhotos(v.ctx, v.viewer(), v.member.ID)
	if err != nil {
		return err
	}
	return v.show(&profilePhotosPage{frame(v), photos, w})
}

func (v profilePages) editProfilePhotos() error {
	chosen, _ := core.ParseID(v.form.get("photo"))
	var err error
	switch {
	case v.form.pressed("main"):
		err = v.site.core.People.SetMainPhoto(v.ctx, v.member.ID, chosen)
	case v.form.pressed("delete"):
		err = v.site.core.People.DeleteProfilePhoto(v.ctx, v.member.ID, chosen)
	default:
		err = v.addProfilePhotos()
	}
	if w, ok := invalid(err); ok {
		return v.showProfilePhotos(w)
	}
	if err != nil {
		return err
	}
	v.redirect("/settings/photos")
	return nil
}

func (v profilePages) addProfilePhotos() error {
	uploads := v.form.files["file"]
	if len(uploads) == 0 {
		return core.Invalid{{Field: "file", Key: "field.required"}}
	}
	if v.form.shed > 0 {
		return core.Invalid(v.form.shedWrong())
	}
	for _, upload := range uploads {
		p, err := v.site.core.AddPhoto(v.ctx, v.member.ID, upload, time.Time{})
		if err == nil {
			err = v.site.core.People.AddProfilePhoto(v.ctx, v.member.ID, p.ID)
		}
		if err != nil {
			return photoProblem(err)
		}
	}
	return nil
}

// say is a profile value as members read it: a date as a date, a choice in the reader's language.
func (w words) say(p core.ProfileValue) string {
	f, _ := people.FindProfileField(p.Key)
	switch f.Kind {
	case people.Date:
		if date, ok := core.ReadDate(p.Value); ok {
			return date.Format(w.t("date.day"))
		}
	case people.Choice:
		return w.choiceLabel(p.Value)
	}
	return p.Value
}

// typed is a profile value as one types it: a date in digits.
func typed(p core.ProfileValue) string {
	f, _ := people.FindProfileField(p.Key)
	if date, ok := core.ReadDate(p.Value); ok && f.Kind == people.Date {
		return date.Format("20060102")
	}
	return p.Value
}

// valueOf finds a field among values; one that is not there is empty, of the field's own visibility.
func valueOf(f people.ProfileField, values []core.ProfileValue) core.ProfileValue {
	for _, p := range values {
		if p.Key == f.Key {
			return p
		}
	}
	return core.ProfileValue{Key: f.Key, Visibility: f.Default}
}
