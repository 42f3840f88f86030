package main

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/probe"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/secret"
	"github.com/nginx-ws-lint/nginx-ws-lint/internal/ws"
)

// The groups of flags in the help of probe.
const (
	groupAsked = "Requests"
	groupWay   = "Connection"
	groupJudge = "Diagnosis"
)

func probeFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "direct", Category: groupAsked, Usage: "also ask the application directly, at `URL`, with the Host and Origin of the public URL"},
		&cli.StringSliceFlag{Name: "header", Category: groupAsked, Usage: "send the header `LINE`, such as 'Cookie: a=b'; it replaces a header of the same name"},
		&cli.StringFlag{Name: "origin", Category: groupAsked, Usage: "the `ORIGIN` of the page; default: that of the URL's host; none sends no Origin"},
		&cli.StringSliceFlag{Name: "subprotocol", Category: groupAsked, Usage: "request the subprotocol `NAME`"},
		&cli.StringFlag{Name: "send", Category: groupAsked, Usage: "send the message `TEXT`, and wait for one"},
		&cli.IntFlag{Name: "tries", Value: 3, Category: groupAsked, Usage: "do `N` handshakes"},
		&cli.DurationFlag{Name: "hold", Category: groupAsked, Usage: "keep a connection idle for `TIME`, such as 75s, and see whether it is cut"},
		&cli.DurationFlag{Name: "timeout", Value: 30 * time.Second, Category: groupAsked, Usage: "stop after `TIME` plus --hold; the first handshake gets up to half of that"},
		&cli.BoolFlag{Name: "insecure", Category: groupWay, Usage: "accept any certificate"},
		&cli.StringFlag{Name: "cacert", Category: groupWay, Usage: "trust only the certificates in `FILE`"},
		&cli.StringSliceFlag{Name: "resolve", Category: groupWay, Usage: "connect to the address in `H:P:ADDRESS` for host H and port P"},
		&cli.StringFlag{Name: "proxy", Category: groupWay, Usage: "use the proxy `URL`, or none; default: what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say"},
		&cli.StringFlag{Name: "config-path", Category: groupJudge, Usage: "the nginx configuration on the way, at `PATH`: a directory, a file, or - for the output of nginx -T"},
		&cli.StringFlag{Name: "nginx-version", Category: groupJudge, Usage: "check the configuration for this `VERSION` of nginx or a relative"},
		&cli.StringSliceFlag{Name: "prefix", Category: groupJudge, Usage: "absolute `DIR` where the configuration is installed in production, if not /etc/nginx or another standard prefix"},
		&cli.StringFlag{Name: "cloudflare-zone", Category: groupJudge, Usage: "ask Cloudflare for the WebSocket setting of the zone `ID`; the token comes from " + cloudflareToken},
	}
}

const probeDescription = `It sends requests only to the URLs that you name, and only a limited number.

Examples:
  nginx-ws-lint probe wss://example.com/ws
  nginx-ws-lint probe wss://example.com/ws --direct ws://127.0.0.1:3000/ws
  nginx-ws-lint probe wss://example.com/ws --config-path /etc/nginx --hold 75s
  ssh host nginx -T | nginx-ws-lint probe wss://example.com/ws --config-path -

Exit status: 0 if every handshake succeeds; 1 if one fails, also if the name
does not resolve or nothing listens; 2 an error, such as a bad flag or an
unreadable file.`

// probeOptions reads the flags of probe.
func probeOptions(c *cli.Context) (probe.Options, error) {
	opt := probe.Options{
		Origin: c.String("origin"), Subprotocols: c.StringSlice("subprotocol"), Send: c.String("send"),
		Timeout: c.Duration("timeout"), Tries: c.Int("tries"), Hold: c.Duration("hold"), Insecure: c.Bool("insecure"),
	}
	if c.NArg() != 1 {
		return opt, errors.New("probe needs one URL (see nginx-ws-lint probe --help)")
	}
	var err error
	if opt.URL, err = socketURL(c.Args().First()); err != nil {
		return opt, err
	}
	if direct := c.String("direct"); direct != "" {
		if opt.Direct, err = socketURL(direct); err != nil {
			return opt, fmt.Errorf("--direct: %w", err)
		}
	}
	switch {
	case opt.Tries < 1 || opt.Tries > probe.MaxTries:
		return opt, fmt.Errorf("--tries %d: must be from 1 to %d", opt.Tries, probe.MaxTries)
	case opt.Timeout <= 0:
		return opt, fmt.Errorf("--timeout %s: must be greater than zero", opt.Timeout)
	case opt.Hold < 0 || opt.Hold > probe.MaxHold:
		return opt, fmt.Errorf("--hold %s: must be at most %s", opt.Hold, probe.MaxHold)
	}
	if opt.Fields, err = fields(c.StringSlice("header"), opt.URL); err != nil {
		return opt, err
	}
	opt.Fields = slices.DeleteFunc(opt.Fields, func(f ws.Field) bool { // it is sent and omitted in turn, unlike other headers
		if strings.EqualFold(f.Name, "Origin") {
			opt.Origin = f.Value
			return true
		}
		return false
	})
	if opt.Origin != "" && !plainText(opt.Origin) || !plainText(strings.Join(opt.Subprotocols, "")) {
		return opt, errors.New("--origin and --subprotocol must not contain control characters")
	}
	return opt, connectionFlags(c, &opt)
}

// socketURL reads a URL; http and https stand for ws and wss.
func socketURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, errors.New("not a URL") // the error repeats the URL, which may contain a password
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	case "ws", "wss":
	default:
		return nil, fmt.Errorf("%s: must begin with ws:// or wss://", secret.Hide(u.Redacted()))
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("%s: has no host", secret.Hide(u.Redacted()))
	}
	if u.Fragment = ""; u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

// fields reads the header lines and the user in the URL.
func fields(lines []string, u *url.URL) ([]ws.Field, error) {
	var all []ws.Field
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !ok: // the text may be nothing but a secret
			return nil, errors.New("--header: must be NAME: VALUE; the colon is missing")
		case !token(name):
			return nil, errors.New("--header: must be NAME: VALUE; the name is not valid in HTTP")
		case !plainText(value):
			return nil, fmt.Errorf("--header %s: the value has a control character", name)
		}
		all = append(all, ws.Field{Name: name, Value: value})
	}
	if u.User != nil {
		password, _ := u.User.Password()
		all = append(all, ws.Field{Name: "Authorization", Value: "Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password))})
	}
	return all, nil
}

// token reports whether a text can be a header's name (RFC 9110, section 5.6.2).
func token(s string) bool {
	const others = "!#$%&'*+-.^_`|~"
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(others, r) {
			return false
		}
	}
	return s != ""
}

func plainText(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// connectionFlags reads the flags that decide how to connect.
func connectionFlags(c *cli.Context, opt *probe.Options) error {
	if name := c.String("cacert"); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("--cacert: %w", err)
		}
		opt.Roots = x509.NewCertPool()
		if !opt.Roots.AppendCertsFromPEM(text) {
			return fmt.Errorf("--cacert %s: contains no PEM certificate", name)
		}
	}
	opt.Resolve = make(map[string]string)
	for _, entry := range c.StringSlice("resolve") {
		from, to, err := resolveEntry(entry)
		if err != nil {
			return err
		}
		opt.Resolve[from] = to
	}
	return proxy(c.String("proxy"), opt)
}

// resolveEntry reads HOST:PORT:ADDRESS, as curl does.
func resolveEntry(entry string) (from, to string, err error) {
	wrong := fmt.Errorf("--resolve %s: must be HOST:PORT:ADDRESS", entry)
	host, rest := entry, ""
	if strings.HasPrefix(entry, "[") {
		i := strings.Index(entry, "]:")
		if i < 0 {
			return "", "", wrong
		}
		host, rest = entry[1:i], entry[i+2:]
	} else if before, after, ok := strings.Cut(entry, ":"); ok {
		host, rest = before, after
	}
	port, address, ok := strings.Cut(rest, ":")
	ip := net.ParseIP(strings.Trim(address, "[]"))
	if !ok || host == "" || port == "" || ip == nil {
		return "", "", wrong
	}
	return net.JoinHostPort(host, port), net.JoinHostPort(ip.String(), port), nil
}

// proxy reads --proxy. Without it the environment decides, as in other programs; ws
// and wss use the proxies of http and https.
func proxy(flag string, opt *probe.Options) error {
	switch flag {
	case "none":
		return nil
	case "":
		opt.Proxy = func(u *url.URL) (*url.URL, error) {
			page := *u
			page.Scheme = strings.Replace(u.Scheme, "ws", "http", 1)
			p, err := http.ProxyFromEnvironment(&http.Request{URL: &page})
			switch {
			case err != nil:
				return nil, errors.New("HTTP_PROXY or HTTPS_PROXY is not a URL") // the error contains the whole URL
			case p == nil:
				return nil, nil
			}
			return p, proxyScheme(p)
		}
		return nil
	}
	p, err := url.Parse(flag)
	if err != nil || p.Hostname() == "" {
		return errors.New("--proxy: must be a URL such as http://proxy:3128, or none")
	}
	opt.Proxy = func(*url.URL) (*url.URL, error) { return p, nil }
	return proxyScheme(p)
}

func proxyScheme(p *url.URL) error {
	if p.Scheme != "http" && p.Scheme != "https" {
		return fmt.Errorf("proxy %s: only http:// and https:// proxies are supported", p.Redacted())
	}
	return nil
}
