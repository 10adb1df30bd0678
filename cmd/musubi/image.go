package main

import (
	"fmt"
	"io"
	"os"

	"musubi/carriers"
	"musubi/transcode"
	"musubi/transcode/imaging"
)

// imageCmd is the image stage alone: one picture in, the bytes one handset gets out.
type imageCmd struct {
	UA       string `long:"ua" description:"User-Agent of the handset. Default: a browser of today." value-name:"UA"`
	Box      string `long:"box" description:"Size: WIDTHxHEIGHT, or thumb, 120x120, 180x180, screen, medium, large." default:"screen"`
	Fill     bool   `long:"fill" description:"Fill the box and crop what is over, instead of fitting inside."`
	Interest bool   `long:"interest" description:"With --fill: keep the part with the most detail, not the middle."`
	Enlarge  bool   `long:"enlarge" description:"Enlarge small pictures to the box."`
	MaxBytes int    `long:"max-bytes" description:"Largest result in bytes. Default: the handset's limit." value-name:"N"`
	Format   string `long:"format" description:"jpeg, png, gif or bmp. Default: the best the handset shows." value-name:"FORMAT"`
	NoCopy   bool   `long:"nocopy" description:"Mark the picture as not to be passed on, as the handset's carrier does."`
	Info     bool   `long:"info" description:"Say on stderr what was made."`
	Sheet    string `long:"sheet" description:"Draw a contact sheet of the pictures IN into this file (.png or .jpg)." value-name:"OUT"`
	Args     struct {
		In []string `positional-arg-name:"in" description:"Picture: JPEG, PNG, GIF, WebP, AVIF, BMP, TIFF, ICO or SVG; - is standard input." required:"1"`
	} `positional-args:"yes"`
}

// Run writes the picture, or the contact sheet.
func (c *imageCmd) Run(io *std) error {
	option, err := c.option()
	if err != nil {
		return err
	}
	if c.Sheet != "" {
		return c.sheet(io, option)
	}
	if len(c.Args.In) != 1 {
		return badUsage("%d pictures given; want one (several only with --sheet)", len(c.Args.In))
	}
	src, err := readPicture(io, c.Args.In[0])
	if err != nil {
		return err
	}
	h := carriers.Identify(carriers.Request{UserAgent: c.UA})
	out, info, err := transcode.Image(nil, &h, src, option)
	if err != nil {
		return badUsage("%s: %w", c.Args.In[0], err)
	}
	if c.Info {
		fmt.Fprintf(io.Err, "%s %dx%d, %d bytes", info.Format, info.Width, info.Height, len(out))
		if info.Quality > 0 {
			fmt.Fprintf(io.Err, ", quality %d", info.Quality)
		}
		if info.Colors > 0 {
			fmt.Fprintf(io.Err, ", %d colours", info.Colors)
		}
		fmt.Fprintf(io.Err, ", from %s %dx%d\n", info.SourceFormat, info.SourceWidth, info.SourceHeight)
	}
	_, err = io.Out.Write(out)
	return err
}

// option turns the flags into what the image stage is asked for.
func (c *imageCmd) option() (o transcode.ImageOption, err error) {
	o = transcode.ImageOption{Fill: c.Fill, Enlarge: c.Enlarge, MaxBytes: c.MaxBytes, NoCopy: c.NoCopy}
	if c.Interest {
		o.Crop = imaging.CropInterest
	}
	if c.MaxBytes < 0 {
		return o, badUsage("--max-bytes %d: want a number of bytes from 1 on", c.MaxBytes)
	}
	if o.Box, err = imaging.ParseBox(c.Box); err != nil {
		return o, usageError{err}
	}
	if c.Format != "" {
		var ok bool
		if o.Formats, ok = imaging.ParseFormat(c.Format); !ok {
			return o, badUsage("--format %q: want jpeg, png, gif or bmp", c.Format)
		}
	}
	return o, nil
}

// sheetModels are the handsets a contact sheet shows when none is asked for: a column each.
var sheetModels = []string{"CA11", "D501i", "P503i", "J-SH05", "SH251i", "P903i"}

// sheet draws every picture as every handset gets it.
func (c *imageCmd) sheet(io *std, o transcode.ImageOption) error {
	var handsets []carriers.Handset
	for _, model := range sheetModels {
		if h, _, ok := carriers.ModelHandset(model); ok {
			handsets = append(handsets, h)
		}
	}
	if c.UA != "" {
		handsets = []carriers.Handset{carriers.Identify(carriers.Request{UserAgent: c.UA})}
	}
	var cells []imaging.Cell
	for _, name := range c.Args.In {
		src, err := readPicture(io, name)
		if err != nil {
			return err
		}
		for i := range handsets {
			cells = append(cells, imaging.Cell{Src: src, Limits: transcode.ImageLimits(&handsets[i], o), Label: handsets[i].Model})
		}
	}
	columns := len(handsets)
	if columns == 1 {
		columns = 6
	}
	out, err := imaging.Sheet(nil, cells, columns, c.Sheet)
	if err != nil {
		return usageError{err}
	}
	return os.WriteFile(c.Sheet, out, 0o644)
}

// readPicture reads a file, or standard input for "-", up to a little more than imaging accepts.
func readPicture(std *std, name string) ([]byte, error) {
	in := std.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, usageError{err}
		}
		defer f.Close()
		in = f
	}
	src, err := io.ReadAll(io.LimitReader(in, imaging.DefaultMaxInput+1))
	if err != nil {
		return nil, badUsage("%s: %w", name, err)
	}
	return src, nil
}
