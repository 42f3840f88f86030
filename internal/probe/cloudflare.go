package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/lazyregexp"
)

// CloudflareAPI is the address of Cloudflare's API.
const CloudflareAPI = "https://api.cloudflare.com"

// A Zone is what Cloudflare says about one of its zones.
type Zone struct {
	ID    string
	Value string // of the setting websockets: on or off
}

// A ZoneQuestion asks Cloudflare for a zone's setting.
type ZoneQuestion struct {
	API     string // CloudflareAPI, except in tests
	ID      string
	Token   string // never printed
	Timeout time.Duration
	Proxy   *http.Transport // nil: the default
}

// zoneID matches Cloudflare's identifiers.
var zoneID = lazyregexp.New(`^[0-9a-f]{32}$`)

// Ask sends the request. The token only goes to the API's host: redirects are not
// followed.
func (q ZoneQuestion) Ask(ctx context.Context) (*Zone, error) {
	if !zoneID().MatchString(q.ID) {
		return nil, errors.New("a zone's ID is 32 hexadecimal digits")
	}
	ctx, cancel := context.WithTimeout(ctx, q.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, q.API+"/client/v4/zones/"+q.ID+"/settings/websockets", nil)
	if err != nil {
		return nil, errors.New("the API's address is not a URL")
	}
	req.Header.Set("Authorization", "Bearer "+q.Token)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if q.Proxy != nil {
		client.Transport = q.Proxy
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, errors.New(q.hide(err.Error()))
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxHead))
	if err != nil {
		return nil, errors.New(q.hide(err.Error()))
	}
	return q.read(resp.StatusCode, body)
}

func (q ZoneQuestion) read(status int, body []byte) (*Zone, error) {
	var answer struct {
		Success bool
		Errors  []struct {
			Code    int
			Message string
		}
		Result struct{ ID, Value string }
	}
	err := json.Unmarshal(body, &answer)
	switch {
	case len(answer.Errors) > 0:
		return nil, fmt.Errorf("the API answers %d: %.200s (code %d)", status, q.hide(answer.Errors[0].Message), answer.Errors[0].Code)
	case status != http.StatusOK, err != nil, !answer.Success, answer.Result.ID != "websockets":
		return nil, fmt.Errorf("the API answers %d, and nothing about websockets", status)
	case answer.Result.Value != "on" && answer.Result.Value != "off":
		return nil, fmt.Errorf("the API says that websockets is %.20q", q.hide(answer.Result.Value))
	}
	return &Zone{q.ID, answer.Result.Value}, nil
}

// hide removes the token from a text, in case the API returned it.
func (q ZoneQuestion) hide(text string) string {
	if q.Token == "" {
		return text
	}
	return strings.ReplaceAll(text, q.Token, "[token]")
}
