package transcode

import (
	"musubi/carriers"
	"musubi/transcode/page"
)

// Page turns a page of upstream into what the handset gets and appends it to dst; see [page.Render].
func Page(dst []byte, h *carriers.Handset, src []byte, o page.Options) ([]byte, page.Info, error) {
	return page.Render(dst, h, src, o)
}
