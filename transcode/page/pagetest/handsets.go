package pagetest

import "musubi/carriers"

// A Named handset is one that tests render for.
type Named struct {
	Name string // carrier and model, a file name
	UA   string
}

// Handset identifies it.
func (n Named) Handset() carriers.Handset {
	return carriers.Identify(carriers.Request{UserAgent: n.UA})
}

// Handsets are one of each kind that differs in dialect, charset, emoji or budget, from mova and HDML to 3GC.
var Handsets = []Named{
	{"docomo-D501i", "DoCoMo/1.0/D501i"},
	{"docomo-N502i", "DoCoMo/1.0/N502i/c08"},
	{"docomo-SH505i", "DoCoMo/1.0/SH505i/c20/TB/W24H12"},
	{"docomo-N2001", "DoCoMo/2.0 N2001(c10)"},
	{"docomo-P901i", "DoCoMo/2.0 P901i(c100;TB;W24H12)"},
	{"docomo-P07A3", "DoCoMo/2.0 P07A3(c500;TB;W24H15)"},
	{"au-TST4", "UP.Browser/3.04-TST4 UP.Link/3.4.4"},
	{"au-KCT1", "UP.Browser/3.03-KCT1 UP.Link/3.2.3.8"},
	{"au-KC31", "KDDI-KC31 UP.Browser/6.2.0.5 (GUI) MMP/2.0"},
	{"au-CA39", "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0"},
	{"softbank-J-SH07", "J-PHONE/3.0/J-SH07"},
	{"softbank-J-SH51", "J-PHONE/4.0/J-SH51/SNJSHA3029293 SH/0001aa Profile/MIDP-1.0 Configuration/CLDC-1.0 Ext-Profile/JSCL-1.1.0"},
	{"softbank-V801SA", "J-PHONE/5.0/V801SA"},
	{"softbank-910T", "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3"},
	{"willcom-WX310K", "Mozilla/3.0(WILLCOM;KYOCERA/WX310K/2;1.2.3.16.000000/0.1/C100) Opera 7.0"},
	{"emobile-H11T", "emobile/1.0.0 (H11T; like Gecko; Wireless) NetFront/3.4"},
	{"pc-retro", "Mozilla/2.0 (compatible; MSIE 3.02; Windows 95)"},
	{"pc-mosaic", "NCSA_Mosaic/2.0 (Windows 3.1)"},
	{"pc-psp", "Mozilla/4.0 (PSP (PlayStation Portable); 2.60)"},
	{"phone-s60", "Nokia6600/1.0 (4.09.1) SymbianOS/7.0s Series60/2.0 Profile/MIDP-2.0 Configuration/CLDC-1.0"},
	{"l-mode", "L-mode/1.0/AAA/10240/1000"},
}
