package gateway

import (
	"runtime"
	"time"
)

func (l Limits) withDefaults() Limits {
	def(&l.HeaderBytes, 8<<10)
	def(&l.HeaderTime, 5*time.Second)
	def(&l.BodyTime, 30*time.Second)
	def(&l.WriteTime, 30*time.Second)
	def(&l.IdleTime, 60*time.Second)
	def(&l.FormBytes, 256<<10)
	def(&l.UploadBytes, 5<<20)
	def(&l.ShedBytes, 512<<20)
	def(&l.Uploads, 32)
	def(&l.UploadMemory, max(256<<20, 2*int64(l.UploadBytes)))
	def(&l.AnswerTime, time.Minute)
	def(&l.PageBytes, 2<<20)
	def(&l.ImageBytes, 8<<20)
	def(&l.StreamBytes, 1<<30)
	def(&l.Images, 2*runtime.GOMAXPROCS(0))
	def(&l.CacheBytes, 256<<20)
	def(&l.Connections, 20_000)
	def(&l.ClientRate, 100)
	def(&l.ClientBurst, 1000)
	def(&l.ConnRequests, 10_000)
	return l
}

// def sets *field to its default if it is zero.
func def[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
