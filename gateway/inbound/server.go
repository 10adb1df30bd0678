package inbound

import (
	"context"
	"errors"
	"log/slog"
	"net"

	"github.com/emersion/go-smtp"
)

// A Server receives mail. It is safe for concurrent use.
type Server struct {
	c    Config
	smtp *smtp.Server
	room room
	// reading lets so many messages be read at once: the room counts their bytes only, and what reading takes is a multiple.
	reading chan struct{}

	ctx  context.Context // ends when Close does not wait any longer
	stop context.CancelFunc
}

// readers is how many messages are read at once. Reading one takes a millisecond.
const readers = 2

// New returns a Server that does not listen yet.
func New(c Config) (*Server, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{c: c, room: room{left: c.MemoryBytes}, reading: make(chan struct{}, readers)}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.LMTP = c.LMTP
	s.smtp.Domain = c.Host
	s.smtp.TLSConfig = c.TLS
	s.smtp.MaxRecipients = c.Recipients
	s.smtp.MaxMessageBytes = int64(c.Limits.Bytes)
	s.smtp.MaxLineLength = c.LineBytes
	s.smtp.ReadTimeout = c.CommandTime // a whole message is one read to go-smtp
	s.smtp.WriteTimeout = c.CommandTime
	s.smtp.ErrorLog = slog.NewLogLogger(c.Log.Handler(), slog.LevelInfo)
	return s, nil
}

// Serve receives on ln until the server is closed; it returns nil then. It closes ln.
func (s *Server) Serve(ln net.Listener) error { return s.smtp.Serve(newDoor(ln, &s.c)) }

// Close stops listening and lets sessions end until ctx does; then it cuts them off. A message that is not acknowledged by
// then is sent again by whoever sent it.
func (s *Server) Close(ctx context.Context) error {
	err := s.smtp.Shutdown(ctx)
	s.stop()
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		s.smtp.Close()
		return nil
	}
	return err
}
