package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"mime/quotedprintable"
	"testing"
	"testing/iotest"
)

// A file that is read piece by piece is the one that is read at once, however it is written and wherever its lines end.
func TestFilesAreReadInPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{0, 1, 2, 3, 4, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes} {
		want := make([]byte, size)
		for i := range want {
			want[i] = byte(r.Uint32())
		}
		var quoted bytes.Buffer
		w := quotedprintable.NewWriter(&quoted)
		w.Binary = true
		w.Write(want)
		w.Close()
		var lines []byte
		for text := []byte(base64.StdEncoding.EncodeToString(want)); len(text) > 0; {
			n := min(1+r.IntN(90), len(text))
			lines, text = append(append(lines, text[:n]...), "\r\n"...), text[n:]
		}
		for _, a := range []Attachment{
			{encoded: want, transfer: plainBytes}, {encoded: lines, transfer: base64Bytes}, {encoded: quoted.Bytes(), transfer: quotedBytes},
		} {
			a.Bytes = size
			f := a.Open()
			if end, err := f.Seek(0, io.SeekEnd); err != nil || end != int64(size) {
				t.Fatalf("the end is at %d, %v", end, err)
			}
			for range 2 {
				if _, err := f.Seek(0, io.SeekStart); err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(iotest.HalfReader(f))
				if err != nil || !bytes.Equal(got, want) || !bytes.Equal(a.Append(nil), want) {
					t.Fatalf("transfer %d of %d bytes: read %d, %v", a.transfer, size, len(got), err)
				}
			}
			if _, err := f.Seek(1, io.SeekStart); err == nil {
				t.Error("it seeks to its middle")
			}
		}
	}
}
