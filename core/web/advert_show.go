package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"musubi/core"
	"musubi/core/advert"
	"musubi/core/people"
	"musubi/core/policy"
)

// An ad is a campaign on a page.
type ad struct {
	advert.Campaign
	offer         advert.Offer
	width, height int // of its picture; 0: text
}

// ad gives the campaign of a slot on this page; ok is false for none: visitors see no advertising, and neither does the console, nor
// members with a plan where the operator spares them.
func (v advertPages) ad(slot string) (a ad, ok bool) {
	st := v.site.core.Policy.State(v.ctx)
	s, _ := advert.FindSlot(slot)
	if v.member.ID == 0 || v.operator.Name != "" || !st.AdsForAll || s.Handset != v.ktai.handset || st.SpareAds && premiumPages(v).has() {
		return a, false
	}
	a.offer = advert.Offer{Slot: slot, Member: v.member.ID, Mobile: v.ktai.handset, Carrier: v.ktai.carrier, Counted: !v.ctx.IsHead() && !v.ktai.turned, Who: v.adReader}
	if a.Campaign, ok = v.site.core.Advert.Choose(v.ctx, a.offer); !ok {
		return a, false
	}
	v.ads = append(v.ads, a)
	if a.Picture != 0 {
		if p, err := v.site.core.Policy.Picture(v.ctx, a.Picture); err == nil {
			a.width, a.height = fitInto(p, s.Sizes[0])
		}
	}
	return a, true
}

// fitInto is the size of a picture in a slot.
func fitInto(p policy.Picture, most advert.Size) (width, height int) {
	width, height = p.Width, p.Height
	if width > most.Width {
		width, height = most.Width, max(height*most.Width/width, 1)
	}
	if height > most.Height {
		width, height = max(width*most.Height/height, 1), most.Height
	}
	return width, height
}

// adReader is what rules may know of the member.
func (v advertPages) adReader() (who advert.Reader, err error) {
	values, err := v.site.core.People.Profile(v.ctx, v.viewer(), v.member.ID)
	if err != nil {
		return who, err
	}
	allowed, err := v.site.core.Advert.Allowed(v.ctx, v.member.ID)
	if err != nil {
		return who, err
	}
	var p advert.Profile
	age := 0
	for _, f := range values {
		switch f.Key {
		case "sex":
			p.Sex = f
		case people.PrefectureField:
			p.Prefecture = f
		case people.BirthdayField:
			p.Birthday = f
			if born, err := time.Parse(time.DateOnly, f.Value); err == nil {
				age = core.Age(born, v.site.core.Now())
			}
		}
	}
	who = advert.ReaderOf(p, allowed, age)
	if age > 0 && age < advert.MinAdult {
		return who, nil
	}
	who.Premium = premiumPages(v).has()
	mine, _, err := v.site.core.Community.Mine(v.ctx, v.member.ID, core.Page{Number: 1, Size: maxAdCommunities})
	for _, c := range mine {
		who.Communities = append(who.Communities, c.ID)
	}
	return who, err
}

// maxAdCommunities is how many of a member's communities rules look at.
const maxAdCommunities = 1000

// takeBack undoes the counting of what a page would have shown that was not written.
func (v advertPages) takeBack() {
	for _, a := range v.ads {
		v.site.core.Advert.TakeBack(v.ctx, a.offer, a.ID)
	}
	v.ads = nil
}

// adAddress is where a campaign leads, for this member and day: another member's address is worth nothing.
func (v advertPages) adAddress(id core.ID) string {
	day := strconv.Itoa(advert.DayOf(v.site.core.Now()))
	return adPath + "?id=" + id.String() + "&d=" + day + "&s=" + v.signAd(id, day)
}

func (v advertPages) signAd(id core.ID, day string) string {
	m := hmac.New(sha256.New, v.site.photoKey)
	m.Write([]byte("ad\n" + v.member.ID.String() + "\n" + id.String() + "\n" + day))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:12])
}

// follow counts a click and leads on to the advertiser, who does not learn from where.
func (v advertPages) follow() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	day, now := v.query("d"), v.site.core.Now()
	fresh := day == strconv.Itoa(advert.DayOf(now)) || day == strconv.Itoa(advert.DayOf(now.AddDate(0, 0, -1)))
	if !fresh || !hmac.Equal([]byte(v.query("s")), []byte(v.signAd(id, day))) {
		return core.ErrNotFound
	}
	to, err := v.site.core.Advert.Click(v.ctx, v.member.ID, id, v.ktai.handset)
	if err != nil {
		return err
	}
	leaveTo(v.visit, to)
	return nil
}

// picture is that of a campaign.
func (v advertPages) picture() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return housePages(v).picture(id)
}

// choice asks whether all of the member's profile may be used for advertising.
func (v advertPages) choice() (err error) {
	p := &adChoicePage{frame: frame(v)}
	if p.allowed, err = v.site.core.Advert.Allowed(v.ctx, v.member.ID); err != nil {
		return err
	}
	return v.show(p)
}

func (v advertPages) choose() error {
	if err := v.site.core.Advert.SetAllowed(v.ctx, v.member.ID, v.form.get("allowed") != ""); err != nil {
		return err
	}
	v.redirect(adChoicePath)
	return nil
}
