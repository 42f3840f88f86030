package parser

import (
	"fmt"
	"strings"
)

// serverParams are the parameters of a server in an upstream. A nil value means that all
// versions have it, or a common module. If the dialect is unknown, all are accepted.
var serverParams = map[string]*Since{
	"weight=": nil, "max_conns=": nil, "max_fails=": nil, "fail_timeout=": nil, "backup": nil, "down": nil, "srun_id=": nil,
	"resolve": ResolveParameter, "service=": ResolveParameter,
	"slow_start=": {Nginx: never, Angie: Number{1, 4}, Plus: always},
	"route=":      {Nginx: Number{1, 29, 6}, Angie: Number{1, 12}, Plus: always},
	"drain":       {Nginx: Number{1, 29, 6}, Angie: Number{1, 12}, Plus: always},
	"sid=":        {Nginx: never, Angie: Number{1, 2}},
	"id=":         {Nginx: never, Tengine: always},
}

// resolverWords are what relatives accept in resolver instead of a name server, by the
// beginning of the word.
var resolverWords = map[string]*Since{
	"off": {Nginx: never, Angie: Number{1, 12}}, "conf": {Nginx: never, Angie: Number{1, 12}},
	"local=": {Nginx: never, OpenResty: always}, "hosts=": {Nginx: never, OpenResty: Number{1, 31}},
}

// refusedResolver finds a word that another relative accepts. nginx looks it up as the
// name of a server, and finds none.
func (r *levelCheck) refusedResolver(d *Directive) string {
	if r.versions.Open {
		return "" // a relative may read it
	}
	for i := range d.ParamCount() {
		word, value, assigned := strings.Cut(d.Param(i), "=")
		if assigned {
			word += "="
		}
		if word == "conf=" {
			word = "conf"
		}
		if s := resolverWords[word]; s != nil && !r.versions.Any(s) {
			if assigned {
				value = "=" + value
			}
			return fmt.Sprintf("host not found in resolver %q", strings.TrimSuffix(word, "=")+value)
		}
	}
	return ""
}

// refusedServer finds a misspelt parameter of a server in an upstream, and a port
// that is none.
func (r *levelCheck) refusedServer(d *Directive) string {
	switch address := d.Param(0); {
	case strings.Contains(address, "://") && !strings.HasPrefix(address, "unix:") && written(address):
		return fmt.Sprintf("invalid host in upstream %q", address)
	case badPort(address):
		return fmt.Sprintf("invalid port in upstream %q", address)
	}
	for i := 1; i < d.ParamCount(); i++ {
		p := d.Param(i)
		at := strings.IndexByte(p, '=') + 1
		name, value := p[:at], p[at:]
		if at == 0 {
			name = p
		}
		since, known := serverParams[name]
		known = known && (since == nil || r.versions.Open || r.versions.Any(since))
		number := name == "weight=" || name == "max_fails=" || name == "max_conns="
		if (!known || number && (value == "" || !isDigits(value))) && written(p) {
			return fmt.Sprintf("invalid parameter %q", p)
		}
	}
	return ""
}
