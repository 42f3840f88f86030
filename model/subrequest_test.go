package model

import (
	"slices"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// subrequestEnds returns where a subrequest for /auth may end in a server.
func subrequestEnds(t *testing.T, text string, byStatus bool) []*parser.Context {
	t.Helper()
	s := server(t, "", text)
	return modelOf(s).SubrequestEnds(s, "/auth", byStatus)
}

func TestSubrequestEnds(t *testing.T) {
	for _, c := range []struct {
		server string
		want   []string
	}{
		{"location /auth { proxy_pass http://b; } location /b { }", []string{"/auth"}},
		{"error_page 404 =200 /b; location /b { }", []string{"server", "/b"}},
		{"location = /auth { proxy_pass http://b; error_page 401 403 = @no; } location @no { }", []string{"/auth", "no"}},
		{"location = /auth { proxy_pass http://b; error_page 401 403 @no; } location @no { }", []string{"/auth"}},
		{"location = /auth { try_files $uri /b?x; } location /b { try_files /none @c; } location @c { }", []string{"/auth", "/b", "c"}},
		{"location /auth { rewrite ^ /b last; } location /b { rewrite ^ /auth; }", []string{"/auth", "/b"}},
		{"location /auth { if ($arg_x) { rewrite ^ /b; } } location /b { }", []string{"/auth", "/b"}},
		{"rewrite ^/auth$ /b; location /b { }", []string{"server", "/b"}},
		{"location /auth { error_page 404 = /d/; } location /d/ { index a.html b.txt; } location ~ [.]txt$ { }", []string{"/auth", "/d/", "[.]txt$"}},
		{"location /auth { error_page 404 = /x$arg_y; } location /x { }", []string{"/auth"}},
	} {
		var got []string
		for _, end := range subrequestEnds(t, c.server, true) {
			name := end.Name
			if end.Name == "location" {
				_, name = end.LocationName()
			}
			got = append(got, name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.server, got, c.want)
		}
	}
	if ends := subrequestEnds(t, "error_page 404 /b; location /b { }", false); len(ends) != 2 {
		t.Errorf("a mirror ends in %d places", len(ends))
	}
}
