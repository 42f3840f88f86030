// Package secret hides secrets in printed texts: the values of parameters in the
// queries of URLs.
package secret

import (
	"net/url"
	"slices"
	"strings"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// parameter matches a parameter of a query, with what comes before it.
var parameter = lazyregexp.New(`[?&;][^=&;?\s"]{1,200}=[^&;\s"'<>]+`)

// parts are parts of parameter names whose values are hidden.
var parts = []string{"token", "key", "secret", "passw", "pwd", "auth", "sig", "session", "jwt", "code", "ticket", "cred", "nonce", "otp"}

// names are such names that are too short to match as parts of others.
var names = []string{"sid", "st", "tk", "pass", "pw", "hash", "hmac", "mac", "id_hint", "assertion", "connect.sid", "phpsessid", "jsessionid", "access", "bearer"}

// Hide returns a text in which "[hidden]" replaces the values of parameters that may
// be secret.
func Hide(text string) string {
	if !strings.ContainsAny(text, "?&;") {
		return text
	}
	return parameter().ReplaceAllStringFunc(text, func(p string) string {
		name, _, _ := strings.Cut(p[1:], "=")
		if !isSecret(name) {
			return p
		}
		return p[:1] + name + "=[hidden]"
	})
}

// isSecret reports whether the value of a parameter may be secret.
func isSecret(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(name)
	return slices.Contains(names, name) || strings.HasSuffix(name, "_sid") ||
		slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(name, part) })
}
