package main

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	imageP903i = "DoCoMo/2.0 P903i(c100;TB;W24H12)"
	imageD501i = "DoCoMo/1.0/D501i"
	imageJSH05 = "J-PHONE/3.0/J-SH05"
	imageHDML  = "UP.Browser/3.01-CA11 UP.Link/3.2.1.2"
)

// shades writes a picture of smooth colours as PNG.
func shades(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), uint8(128 + (x^y)&63), 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// musubiImage runs the command on standard input.
func musubiImage(in []byte, args ...string) (out []byte, stderr string, status int) {
	var stdout, errs bytes.Buffer
	status = run(append([]string{"image"}, args...), &std{bytes.NewReader(in), &stdout, &errs})
	return stdout.Bytes(), errs.String(), status
}

func TestImageForHandsets(t *testing.T) {
	src := shades(t, 600, 400)
	for _, c := range []struct {
		name   string
		args   []string
		format string // magic of the result
		w, h   int    // the result is no larger, and one side is just that
		bytes  int    // at most; 0: not looked at
	}{
		{"a browser of today", nil, "\x89PNG", 600, 400, 0},
		{"P903i, thumb", []string{"--ua", imageP903i, "--box", "thumb"}, "", 76, 76, 0},
		{"P903i, WxH as asked", []string{"--ua", imageP903i, "--box", "100x50"}, "", 100, 50, 0},
		{"P903i, bytes", []string{"--ua", imageP903i, "--box", "screen", "--max-bytes", "3000"}, "", 240, 320, 3000},
		{"D501i reads GIF only", []string{"--ua", imageD501i}, "GIF89a", 96, 96, 0},
		{"J-SH05 reads no GIF", []string{"--ua", imageJSH05}, "", 120, 120, 0},
		{"format as asked", []string{"--format", "gif", "--box", "60x60"}, "GIF89a", 60, 60, 0},
		{"BMP", []string{"--format", "bmp", "--box", "60x60"}, "BM", 60, 60, 0},
		{"filled", []string{"--format", "jpeg", "--box", "120x120", "--fill"}, "\xff\xd8", 120, 120, 0},
		{"filled, by interest", []string{"--format", "jpeg", "--box", "120x120", "--fill", "--interest"}, "\xff\xd8", 120, 120, 0},
		{"enlarged", []string{"--format", "jpeg", "--box", "900x900", "--enlarge"}, "\xff\xd8", 900, 900, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, stderr, status := musubiImage(src, append(c.args, "-")...)
			if status != 0 || !strings.HasPrefix(string(out), c.format) {
				t.Fatalf("status %d, %q, begins %q", status, stderr, out[:min(len(out), 8)])
			}
			if c.bytes > 0 && len(out) > c.bytes {
				t.Errorf("%d bytes, want ≤ %d", len(out), c.bytes)
			}
			if c.format == "BM" {
				return // the standard library reads no BMP
			}
			cfg, _, err := image.DecodeConfig(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if cfg.Width > c.w || cfg.Height > c.h {
				t.Errorf("%d×%d, want within %d×%d", cfg.Width, cfg.Height, c.w, c.h)
			}
			if c.bytes == 0 && cfg.Width != c.w && cfg.Height != c.h {
				t.Errorf("%d×%d touches neither side of %d×%d", cfg.Width, cfg.Height, c.w, c.h)
			}
		})
	}
}

// TestImageOfMonochromeAu: the first EZweb phones read bitmaps of one bit and nothing else.
func TestImageOfMonochromeAu(t *testing.T) {
	out, stderr, status := musubiImage(shades(t, 300, 200), "--ua", imageHDML, "--info", "-")
	if status != 0 || !strings.HasPrefix(string(out), "BM") || len(out) > 1400 {
		t.Fatalf("status %d, %q, begins %q", status, stderr, out[:min(len(out), 8)])
	}
	if !strings.Contains(stderr, "bytes") {
		t.Errorf("--info says %q", stderr)
	}
}

func TestImageNoCopy(t *testing.T) {
	out, _, status := musubiImage(shades(t, 60, 40), "--ua", imageP903i, "--nocopy", "-")
	if status != 0 || !bytes.Contains(out, []byte(`copy="NO"`)) {
		t.Errorf("status %d, no copy flag", status)
	}
}

func TestImageUsage(t *testing.T) {
	src := shades(t, 10, 10)
	for _, c := range []struct {
		name string
		in   []byte
		args []string
		says string
	}{
		{"box", src, []string{"--box", "huge", "-"}, "want WIDTHxHEIGHT"},
		{"box of nothing", src, []string{"--box", "0x0", "-"}, "want WIDTHxHEIGHT"},
		{"format", src, []string{"--format", "webp", "-"}, "want jpeg, png, gif or bmp"},
		{"bytes", src, []string{"--max-bytes=-4", "-"}, "from 1 on"},
		{"no such file", nil, []string{"/nonexistent.jpg"}, "nonexistent.jpg"},
		{"two files", src, []string{"-", "-"}, "want one"},
		{"no picture", []byte("<html>"), []string{"-"}, "send JPEG, PNG, GIF, WebP, AVIF, BMP, TIFF, ICO or SVG"},
		{"nothing", nil, []string{"-"}, "empty"},
		{"AVIF", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), []string{"-"}, "AVIF"},
		{"sheet's name", src, []string{"--sheet", "out.tiff", "-"}, ".png or .jpg"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, stderr, status := musubiImage(c.in, c.args...)
			if status != 2 || len(out) > 0 || !strings.Contains(stderr, c.says) || strings.Count(strings.TrimSpace(stderr), "\n") > 0 {
				t.Errorf("status %d, %d bytes, %q; want status 2 and one sentence with %q", status, len(out), stderr, c.says)
			}
		})
	}
}

func TestImageSheet(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one.png"), filepath.Join(dir, "two.png")
	for _, name := range []string{one, two} {
		if err := os.WriteFile(name, shades(t, 200, 150), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, decode := range map[string]func(*bytes.Reader) (image.Image, error){
		"sheet.png": func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) },
		"sheet.jpg": func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) },
	} {
		path := filepath.Join(dir, name)
		if _, stderr, status := musubiImage(nil, "--sheet", path, one, two); status != 0 {
			t.Fatal(stderr)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		img, err := decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if s := img.Bounds().Size(); s.X < 6*120 || s.Y < 2*100 {
			t.Errorf("%s is %v: too small for two rows of six", name, s)
		}
	}
	gifPath := filepath.Join(dir, "made.gif")
	out, stderr, status := musubiImage(nil, "--format", "gif", one)
	if status != 0 {
		t.Fatal(stderr)
	}
	if err := os.WriteFile(gifPath, out, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := gif.Decode(bytes.NewReader(out)); err != nil {
		t.Error(err)
	}
	if _, stderr, status = musubiImage(nil, "--ua", imageP903i, "--sheet", filepath.Join(dir, "one.png"), gifPath); status != 0 {
		t.Error(stderr)
	}
}
