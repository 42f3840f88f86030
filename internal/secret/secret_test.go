package secret

import "testing"

func TestHide(t *testing.T) {
	for text, want := range map[string]string{
		"/ws?token=abc":                            "/ws?token=[hidden]",
		"wss://a/ws?x=1&access_token=abc&y=2":      "wss://a/ws?x=1&access_token=[hidden]&y=2",
		`"GET /ws?sid=abc&EIO=4 HTTP/1.1" 400`:     `"GET /ws?sid=[hidden]&EIO=4 HTTP/1.1" 400`,
		"/ws?to%6Ben=abc":                          "/ws?to%6Ben=[hidden]",
		"/ws?jwt=a.b.c&sig=d&ticket=e&API-KEY=f#g": "/ws?jwt=[hidden]&sig=[hidden]&ticket=[hidden]&API-KEY=[hidden]",
		"/ws?side=left&page=2":                     "/ws?side=left&page=2",
		"/ws?token=":                               "/ws?token=",
		"no query; key=value":                      "no query; key=value",
	} {
		if got := Hide(text); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}
