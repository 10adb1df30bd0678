package inbound

import (
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

// A door is a listener that lets so many in, of all and of each address, and each for so long.
type door struct {
	net.Listener
	c *Config

	mu    sync.Mutex
	open  int
	peers map[netip.Addr]int
}

func newDoor(ln net.Listener, c *Config) *door {
	return &door{Listener: ln, c: c, peers: map[netip.Addr]int{}}
}

// turnAwayTime is how long somebody who is turned away may take to hear it.
const turnAwayTime = time.Second

// Accept returns the next connection that may come in. Others hear why not, and that they may come again.
func (d *door) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		peer := peerOf(conn)
		words := d.enter(peer)
		if words == "" {
			return &visit{Conn: conn, leave: sync.OnceFunc(func() { d.leave(peer) }), end: time.Now().Add(d.c.SessionTime)}, nil
		}
		conn.SetDeadline(time.Now().Add(turnAwayTime))
		io.WriteString(conn, words+"\r\n") // a few bytes: the system takes them at once
		conn.Close()
	}
}

// enter counts peer in, or says why not.
func (d *door) enter(peer netip.Addr) (words string) {
	trusted := d.c.trusts(peer)
	if d.c.LMTP && !trusted {
		return "554 5.7.1 This is for our own mail server."
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open >= d.c.Connections || !trusted && d.peers[peer] >= d.c.PerPeer {
		return "421 4.7.0 Too many connections. Please try again later."
	}
	d.open++
	d.peers[peer]++
	return ""
}

func (d *door) leave(peer netip.Addr) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open--
	if d.peers[peer]--; d.peers[peer] == 0 {
		delete(d.peers, peer)
	}
}

// peerOf is the address of a peer, as IPv4 where it is one. Zero for what is no TCP.
func peerOf(conn net.Conn) netip.Addr {
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// A visit is a connection that ends, whatever deadline is asked for.
type visit struct {
	net.Conn
	leave func()
	end   time.Time
}

func (v *visit) Close() error {
	v.leave()
	return v.Conn.Close()
}

func (v *visit) SetDeadline(t time.Time) error      { return v.Conn.SetDeadline(v.clip(t)) }
func (v *visit) SetReadDeadline(t time.Time) error  { return v.Conn.SetReadDeadline(v.clip(t)) }
func (v *visit) SetWriteDeadline(t time.Time) error { return v.Conn.SetWriteDeadline(v.clip(t)) }

func (v *visit) clip(t time.Time) time.Time {
	if t.IsZero() || t.After(v.end) {
		return v.end
	}
	return t
}
