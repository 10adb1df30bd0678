package video

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// sampleSeconds is how long each picture of a sample is seen.
const sampleSeconds = 9

// Sample makes a film of pictures (JPEG), through which it wanders to a small tune. It is for demonstrations: what comes from
// strangers goes through Open. dir is made and removed.
func (t *Tools) Sample(ctx context.Context, dir string, pictures [][]byte) ([]byte, error) {
	j := &Job{tools: t, dir: dir}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	defer j.Close()
	args := []string{"-nostdin", "-hide_banner", "-loglevel", "error"}
	var filter strings.Builder
	for i, picture := range pictures {
		name := fmt.Sprintf("%d.jpg", i)
		if err := os.WriteFile(filepath.Join(dir, name), picture, 0o600); err != nil {
			return nil, err
		}
		args = append(args, "-i", name)
		fmt.Fprintf(&filter, "[%d:v]scale=640:480,zoompan=z='1+0.002*on':x='(iw-iw/zoom)*on/%d':d=%[2]d:s=320x240:fps=15,setsar=1,format=yuv420p[v%[1]d];",
			i, sampleSeconds*15)
	}
	for i := range pictures {
		fmt.Fprintf(&filter, "[v%d]", i)
	}
	fmt.Fprintf(&filter, "concat=n=%d:v=1:a=0[v];aevalsrc=exprs='0.2*sin(2*PI*t*262*pow(2\\,mod(7*floor(2*t)\\,24)/12))*exp(-5*mod(t\\,0.5))':s=22050:d=%d[a]",
		len(pictures), sampleSeconds*len(pictures))
	args = append(args, "-filter_complex", filter.String(), "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", "-b:a", "48k",
		"-threads", "1", "-shortest", "-y", "sample.mp4")
	if _, err := j.run(ctx, t.ffmpeg, args...); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "sample.mp4"))
}
