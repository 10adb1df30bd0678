package scaledjpeg

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"sync"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// photo is a benchmark picture: what a camera or a phone writes.
type photo struct {
	name          string
	width, height int
	options       testpic.Options
	once          sync.Once
	src           []byte
}

var photos = []*photo{
	{name: "5MP", width: 2592, height: 1944, options: testpic.Options{Quality: 92}},
	{name: "12MP", width: 4032, height: 3024, options: testpic.Options{Quality: 90}},
	{name: "5MP-progressive", width: 2592, height: 1944, options: testpic.Options{Quality: 92, Progressive: true}},
}

func (p *photo) bytes() []byte {
	p.once.Do(func() { p.src = testpic.Draw(p.width, p.height, 1).JPEG(p.options) })
	return p.src
}

func BenchmarkDecode(b *testing.B) {
	for _, p := range photos {
		for _, scale := range []int{8, 4, 2, 1} {
			b.Run(fmt.Sprintf("%s/1_%d", p.name, scale), func(b *testing.B) {
				src := p.bytes()
				var d Decoder
				b.SetBytes(int64(len(src)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := d.Decode(src, scale); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkStandard is image/jpeg over the same pictures.
func BenchmarkStandard(b *testing.B) {
	for _, p := range photos {
		b.Run(p.name, func(b *testing.B) {
			src := p.bytes()
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := jpeg.Decode(bytes.NewReader(src)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
