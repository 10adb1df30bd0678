// Package avif decodes AVIF with the decoder of libavif and libaom, compiled to WebAssembly and run by wazero: pixels that may
// be hostile meet code that can touch nothing but its own memory, which is bounded, and its time too.
//
// decoder.wasm.gz is lib/decode.wasm.gz of github.com/gen2brain/avif v0.4.4 (libavif 1.1.1, libaom 3.10.0), byte for byte, without that
// module's encoder and its look for a library of the system. LICENSE has the terms of all three.
package avif

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

//go:embed decoder.wasm.gz
var packed []byte

const (
	maxMemory = 256 << 20 // bytes of one decoder's memory
	maxTime   = 10 * time.Second
)

// A program is the decoder, compiled once at the first picture.
type program struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

var compiled = sync.OnceValues(func() (*program, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	code, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	p := &program{runtime: wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithMemoryLimitPages(maxMemory>>16).WithCloseOnContextDone(true))}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, p.runtime); err != nil {
		return nil, err
	}
	p.module, err = p.runtime.CompileModule(ctx, code)
	return p, err
})

var errDecode = errors.New("avif: not an AVIF file or a damaged one")

// A decoder is one picture's own memory and code.
type decoder struct {
	ctx    context.Context
	module api.Module
}

// with runs f with a fresh decoder.
func with(f func(d *decoder) error) error {
	p, err := compiled()
	if err != nil {
		return fmt.Errorf("avif: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxTime)
	defer cancel()
	m, err := p.runtime.InstantiateModule(ctx, p.module, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return fmt.Errorf("avif: %w", err)
	}
	defer m.Close(context.Background())
	return f(&decoder{ctx, m})
}

// alloc takes memory of the decoder. 0 bytes of it are never there.
func (d *decoder) alloc(n int) (uint32, error) {
	r, err := d.module.ExportedFunction("malloc").Call(d.ctx, uint64(n))
	if err != nil || uint32(r[0]) == 0 {
		return 0, fmt.Errorf("avif: no memory for %d bytes (%v)", n, err)
	}
	return uint32(r[0]), nil
}

// a header's words: width, height, bits of a sample, pictures.
type header [4]uint32

// parse calls the decoder: for the header alone, or for pixels of the first picture into out.
func (d *decoder) parse(src, words uint32, size int, onlyHeader bool, delay, out uint32) (h header, err error) {
	flag := uint64(0)
	if onlyHeader {
		flag = 1
	}
	w := uint64(words)
	r, err := d.module.ExportedFunction("decode").Call(d.ctx, uint64(src), uint64(size), flag, 0, w, w+4, w+8, w+12, uint64(delay), uint64(out))
	if err != nil || r[0] == 0 {
		return h, errDecode
	}
	for i := range h {
		h[i], _ = d.module.Memory().ReadUint32Le(words + uint32(4*i))
	}
	return h, nil
}

// open gives the decoder the file and reads its header.
func (d *decoder) open(file []byte) (src, words uint32, h header, err error) {
	if src, err = d.alloc(max(len(file), 1)); err != nil {
		return 0, 0, h, err
	}
	if words, err = d.alloc(16 + 8); err != nil {
		return 0, 0, h, err
	}
	d.module.Memory().Write(src, file)
	h, err = d.parse(src, words, len(file), true, 0, 0)
	return src, words, h, err
}

// Size returns the size of the picture in pixels, before it is turned.
func Size(file []byte) (width, height int, err error) {
	err = with(func(d *decoder) error {
		_, _, h, err := d.open(file)
		width, height = int(h[0]), int(h[1])
		return err
	})
	return width, height, err
}

// Decode returns the pixels of the first picture.
func Decode(file []byte) (img *image.RGBA, err error) {
	err = with(func(d *decoder) error {
		img, err = d.decode(file)
		return err
	})
	return img, err
}

func (d *decoder) decode(file []byte) (*image.RGBA, error) {
	src, words, h, err := d.open(file)
	if err != nil {
		return nil, err
	}
	sample := 1
	if h[2] > 8 {
		sample = 2
	}
	pixels := int64(h[0]) * int64(h[1])
	if pixels < 1 || pixels*4*int64(sample) > maxMemory {
		return nil, errDecode
	}
	out, err := d.alloc(int(pixels) * 4 * sample)
	if err != nil {
		return nil, err
	}
	if _, err := d.parse(src, words, len(file), false, words+16, out); err != nil {
		return nil, err
	}
	b, ok := d.module.Memory().Read(out, uint32(pixels)*4*uint32(sample))
	if !ok {
		return nil, errDecode
	}
	img := image.NewRGBA(image.Rect(0, 0, int(h[0]), int(h[1])))
	for i := range img.Pix {
		img.Pix[i] = b[i*sample+sample-1] // of two bytes the higher, which comes second
	}
	return img, nil
}
