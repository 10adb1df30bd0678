package seed

import (
	"context"
	"encoding/base32"
	"errors"

	"musubi/core"
	"musubi/core/figures"
	"musubi/core/network"
	"musubi/core/operator"
)

// caseStudy is the traffic of the service that the demo is modelled on, in million page views, PC and mobile: chapter 5.3 of the case
// study (version 1.1, March 2007). Of months with zeros it has no data.
var caseStudy = []struct {
	month      figures.Month
	pc, mobile int64
}{
	{200504, 840, 60}, {200505, 1040, 80}, {200506, 1210, 90}, {200507, 1440, 110}, {200508, 1660, 150}, {200509, 1980, 170},
	{200510, 2370, 220}, {200511, 2800, 270}, {200512, 3250, 370}, {200601, 3930, 430}, {200602, 4270, 470}, {200603, 4410, 590},
	{200604, 4530, 730}, {200605, 5640, 910}, {200606, 6170, 1070}, {200607, 6580, 1270}, {200608, 6400, 1310}, {200609, 6950, 1560},
	{200610, 0, 0}, {200611, 0, 0}, {200612, 0, 0}, {200701, 7000, 3100},
}

// OperatorName is who runs the demo.
const OperatorName = "operator"

// Company gives the demo an operator and the past that its console shows. The operator's password and codes are made of the secret of
// the data directory: another one for each, the same at each start.
func Company(ctx context.Context, s *network.Services, secret []byte) (operator.Key, error) {
	word := func(purpose string, bytes int) string {
		return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(core.DeriveKey(secret, purpose)[:bytes])
	}
	key := operator.Key{Password: word("demo operator password", 15), TOTP: word("demo operator codes", 20)}
	_, err := s.Operator.Create(ctx, "musubi", OperatorName, operator.Everything, key)
	if err != nil && !errors.Is(err, operator.ErrTaken) {
		return key, err
	}
	var rows []figures.Row
	for _, m := range caseStudy {
		rows = append(rows, figures.Row{Month: m.month, PC: m.pc * 1_000_000, Mobile: m.mobile * 1_000_000, Known: m.pc > 0})
	}
	return key, s.Figures.Import(ctx, rows)
}
