package main

import (
	"musubi/core/push/wire"
	"musubi/gateway/fetch"
)

// usePush has members told by their browsers' push services, which are machines that strangers name.
func (r *coreRoom) usePush(reach []string) error {
	post, err := fetch.NewPoster(fetch.Config{Reach: reach})
	if err != nil {
		return badUsage("--push-reach: %v", err)
	}
	site := func() string { return r.site.Link("") }
	r.services.Push.UseSender(wire.New(post.Client, post.Admits, site, r.services.Push.Key()))
	return nil
}
