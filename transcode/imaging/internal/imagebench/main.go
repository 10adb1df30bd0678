// Command imagebench compares imaging with libvips (vipsthumbnail) in one run: CPU time, bytes, and SSIM against a
// reduction in linear light. It draws its own photographs, so anybody can repeat it:
//
//	go run ./transcode/imaging/internal/imagebench
//
// CPU time is user and system time of all threads, from the kernel's accounts, per picture; of several rounds the
// cheapest counts. vipsthumbnail gets many files in one process, so that its start counts little, and its better time
// of one thread and of its own choice.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"
	_ "image/jpeg"
	"image/png"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"musubi/transcode/imaging"
	"musubi/transcode/imaging/internal/ssim"
	"musubi/transcode/imaging/internal/testpic"
)

// A contest is one kind of source and one kind of result.
type contest struct {
	name   string
	photo  testpic.Options
	w, h   int
	limits imaging.Limits
	vips   []string // vipsthumbnail's arguments for the same
	ext    string
	master bool // the source is our own master of the photo
}

func contests() []contest {
	camera := testpic.Options{Quality: 90}
	progressive := testpic.Options{Quality: 90, Progressive: true}
	// Quality 78 here makes about as many bytes as libvips at 75: our encoder gives up small coefficients more readily.
	fit := imaging.Limits{Width: 240, Height: 320, Quality: 78}
	vips := []string{"--size", "240x320"}
	with := func(l imaging.Limits, f imaging.Formats) imaging.Limits { l.Formats = f; return l }
	const toJPEG, toGIF, toPNG = ".jpg[Q=75,strip]", ".gif", ".png[strip]"
	return []contest{
		{name: "5 MP fit", photo: camera, w: 2592, h: 1944, limits: fit, vips: vips, ext: toJPEG},
		{name: "5 MP upright fit", photo: camera, w: 1944, h: 2592, limits: fit, vips: vips, ext: toJPEG},
		{name: "3 MP fit", photo: camera, w: 2048, h: 1536, limits: fit, vips: vips, ext: toJPEG},
		{name: "12 MP fit", photo: camera, w: 4000, h: 3000, limits: fit, vips: vips, ext: toJPEG},
		{name: "5 MP 4:4:4 fit", photo: testpic.Options{Quality: 90, Kind: testpic.YCbCr444}, w: 2592, h: 1944, limits: fit, vips: vips, ext: toJPEG},
		{name: "5 MP progressive fit", photo: progressive, w: 2592, h: 1944, limits: fit, vips: vips, ext: toJPEG},
		{name: "5 MP fill 120x120", photo: camera, w: 2592, h: 1944, limits: imaging.Limits{Width: 120, Height: 120, Fill: true, Quality: 78},
			vips: []string{"--size", "120x120", "--smartcrop", "centre"}, ext: toJPEG},
		{name: "5 MP to GIF", photo: camera, w: 2592, h: 1944, limits: with(fit, imaging.GIF), vips: vips, ext: toGIF},
		{name: "5 MP to PNG", photo: camera, w: 2592, h: 1944, limits: with(fit, imaging.PNG), vips: vips, ext: toPNG},
		{name: "master fit", photo: camera, w: 2592, h: 1944, limits: fit, vips: vips, ext: toJPEG, master: true},
		{name: "master to GIF", photo: camera, w: 2592, h: 1944, limits: with(fit, imaging.GIF), vips: vips, ext: toGIF, master: true},
	}
}

func main() {
	photos := flag.Int("photos", 4, "different photographs")
	copies := flag.Int("copies", 8, "times each photograph is converted in one round")
	rounds := flag.Int("rounds", 5, "rounds, of which the cheapest counts")
	only := flag.String("only", "", "name of the one contest to hold")
	write := flag.String("write", "", "only write the photographs and a drawing into this folder, for musubi image --sheet")
	flag.Parse()
	if *write != "" {
		writeSources(*write)
		return
	}
	dir, err := os.MkdirTemp("", "imagebench")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	fmt.Printf("| photo → result | ours ms | libvips ms | ratio | ours bytes | libvips bytes | ours SSIM | libvips SSIM |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, c := range contests() {
		if *only == "" || *only == c.name {
			c.hold(dir, *photos, *copies, *rounds)
		}
	}
}

// writeSources writes one source of each kind: a camera's photo, one of a camera held upright, and a drawing.
func writeSources(dir string) {
	check(os.MkdirAll(dir, 0o755))
	file := func(name string, b []byte) { check(os.WriteFile(filepath.Join(dir, name), b, 0o644)) }
	file("camera.jpg", testpic.Draw(2592, 1944, 2).JPEG(testpic.Options{Quality: 90}))
	file("upright.jpg", testpic.Draw(1600, 1200, 11).JPEG(testpic.Options{Quality: 90, Progressive: true, Orientation: 6}))
	drawing := image.NewNRGBA(image.Rect(0, 0, 300, 300))
	for i := range 300 * 300 {
		x, y := i%300, i/300
		switch r := (x-150)*(x-150) + (y-150)*(y-150); {
		case (x-105)*(x-105)+(y-115)*(y-115) < 300, (x-195)*(x-195)+(y-115)*(y-115) < 300, r > 80*80 && r < 90*90 && y > 165:
			drawing.SetNRGBA(x, y, color.NRGBA{R: 90, G: 40, A: 255})
		case r < 140*140:
			drawing.SetNRGBA(x, y, color.NRGBA{R: 255, G: uint8(230 - y/4), B: 60, A: 255})
		}
	}
	var out bytes.Buffer
	check(png.Encode(&out, drawing))
	file("drawing.png", out.Bytes())
}

// hold runs one contest and prints its line.
func (c *contest) hold(dir string, photos, copies, rounds int) {
	var sources [][]byte
	var files []string
	var truths []image.Image
	for i := range photos {
		drawn := testpic.Draw(c.w, c.h, uint64(i))
		src := drawn.JPEG(c.photo)
		truths = append(truths, c.truth(src))
		if c.master {
			src = must(firstOf(imaging.Master(nil, src)))
		}
		sources = append(sources, src)
		for k := range copies {
			file := filepath.Join(dir, fmt.Sprintf("%d-%d.jpg", i, k))
			check(os.WriteFile(file, src, 0o600))
			files = append(files, file)
		}
	}
	var results [][]byte
	ours := cheapest(rounds, photos*copies, syscall.RUSAGE_SELF, func() {
		results = results[:0]
		for range copies {
			for _, src := range sources {
				results = append(results, must(firstOf(imaging.Convert(nil, src, c.limits))))
			}
		}
	})
	args := append(append([]string{}, c.vips...), "-o", filepath.Join(dir, "out-%s"+c.ext))
	theirs := time.Duration(1 << 62)
	for _, threads := range []string{"VIPS_CONCURRENCY=1", "VIPS_CONCURRENCY=0"} {
		theirs = min(theirs, cheapest(rounds, photos*copies, syscall.RUSAGE_CHILDREN, func() {
			run := exec.Command("vipsthumbnail", append(args, files...)...)
			run.Env, run.Stderr = append(os.Environ(), threads), os.Stderr
			check(run.Run())
		}))
	}
	ext, _, _ := bytes.Cut([]byte(c.ext), []byte("["))
	var size, alike [2]float64
	for i, truth := range truths {
		vips := must(os.ReadFile(filepath.Join(dir, fmt.Sprintf("out-%d-0%s", i, ext))))
		for k, out := range [][]byte{results[i], vips} {
			img, _, err := image.Decode(bytes.NewReader(out))
			check(err)
			size[k] += float64(len(out)) / float64(photos)
			alike[k] += must(ssim.Index(truth, img)) / float64(photos)
		}
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Printf("| %s | %.2f | %.2f | %.2f | %.0f | %.0f | %.4f | %.4f |\n",
		c.name, ms(ours), ms(theirs), float64(theirs)/float64(ours), size[0], size[1], alike[0], alike[1])
}

// truth reduces the photo as well as we know how.
func (c *contest) truth(src []byte) image.Image {
	img, _, err := image.Decode(bytes.NewReader(src))
	check(err)
	if c.limits.Fill {
		side := min(c.w, c.h)
		at := image.Pt((c.w-side)/2, (c.h-side)/2)
		img = img.(*image.YCbCr).SubImage(image.Rectangle{at, at.Add(image.Pt(side, side))})
		return ssim.Reduce(img, c.limits.Width, c.limits.Height)
	}
	return ssim.Reduce(img, c.limits.Width, (c.limits.Width*c.h+c.w/2)/c.w)
}

// cheapest runs the work several times and returns the least CPU time for one of its n pictures.
func cheapest(rounds, n, who int, work func()) time.Duration {
	least := time.Duration(1 << 62)
	for range rounds {
		before := cpu(who)
		work()
		least = min(least, (cpu(who)-before)/time.Duration(n))
	}
	return least
}

// cpu is the user and system time so far of this process or of its finished children.
func cpu(who int) time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(who, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func firstOf(out []byte, _ imaging.Info, err error) ([]byte, error) { return out, err }

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
