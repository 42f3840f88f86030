package intent

import "testing"

// The path of a request gives the same result as a location with that name.
func TestOfPath(t *testing.T) {
	for path, want := range map[string]struct {
		least, most Level
		dedicated   bool
	}{
		"/ws":                         {Likely, Certain, true},
		"/ws/room/12":                 {Likely, Certain, true},
		"/api/websocket":              {Likely, Certain, true},
		"/socket.io/":                 {Likely, Certain, false},
		"/":                           {None, None, false},
		"":                            {None, None, false},
		"/news":                       {None, None, false},
		"/ws/v1/items":                {None, None, false},
		"/socket.io/socket.io.js":     {None, None, false},
		"/static/ws/app.js":           {None, Possible, false},
		"/wp-content/uploads/aws.png": {None, None, false},
	} {
		if s := OfPath(path); s.Level < want.least || s.Level > want.most || s.Dedicated != want.dedicated {
			t.Errorf("%s: %v, dedicated %v", path, s.Level, s.Dedicated)
		}
	}
}
