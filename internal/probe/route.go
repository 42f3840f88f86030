package probe

import (
	"net/url"

	"github.com/nginx-ws-lint/nginx-ws-lint/lint"
)

// LocateRoute returns the path of an Ingress or an HTTPRoute that serves a URL, or nil.
func LocateRoute(opt lint.Options, u *url.URL) (*lint.RouteEntry, error) {
	opt.Fix, opt.Select, opt.Ignore = false, nil, nil
	res, err := lint.Run(opt)
	if err != nil {
		return nil, err
	}
	return lint.RouteFor(lint.Routes(res, true), u), nil
}
