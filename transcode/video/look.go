package video

import (
	"context"
	"io"
	"os"
	"time"
)

// lookLimits bound what is done while somebody waits for the answer.
const (
	lookCPU  = 10 * time.Second
	lookWall = 20 * time.Second
)

// Look says what a film is and makes a picture of it, a JPEG, within seconds: a film that needs longer for one picture is
// refused. dir is made and removed.
func (t *Tools) Look(ctx context.Context, dir string, film io.Reader) (Info, []byte, error) {
	quick := *t
	quick.Limits.CPU, quick.Limits.Wall = min(lookCPU, t.Limits.CPU), min(lookWall, t.Limits.Wall)
	j, err := quick.Open(ctx, dir, film)
	if err != nil {
		return Info{}, nil, err
	}
	defer j.Close()
	path, err := j.Poster(ctx)
	if err != nil {
		return j.Info, nil, err
	}
	picture, err := os.ReadFile(path)
	return j.Info, picture, err
}
