package lint

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nginx-ws-lint/nginx-ws-lint/internal/nginxtest"
	"github.com/nginx-ws-lint/nginx-ws-lint/model"
	"github.com/nginx-ws-lint/nginx-ws-lint/parser"
)

// scriptCases are modelCases for scripts of lua-nginx-module and njs, and for the
// headers-more and echo modules.
var scriptCases = []modelCase{
	{"Lua sets both variables", "", "location /ws { proxy_http_version 1.1; set $u ''; set $c close; access_by_lua_block { ngx.var.u = 'websocket' ngx.var.c = 'upgrade' } proxy_set_header Upgrade $u; proxy_set_header Connection $c; proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"Lua copies a variable", "", "location /ws { proxy_http_version 1.1; set $u ''; rewrite_by_lua_block { ngx.var.u = ngx.var.http_upgrade } proxy_set_header Upgrade $u; proxy_set_header Connection upgrade; proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"Lua sets another value", "", "location /ws { proxy_http_version 1.1; set $c ''; access_by_lua_block { ngx.var.c = 'close' } proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $c; proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"Lua sets a variable on a condition", "", "location /ws { proxy_http_version 1.1; set $c ''; access_by_lua_block { if ngx.var.http_upgrade then ngx.var.c = 'upgrade' end } proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $c; proxy_pass http://BACKEND; }", model.Unsure, "/ws", ""},
	{"set_by_lua", "", "location /ws { proxy_http_version 1.1; set $c ''; set_by_lua_block $c { return 'upgrade' } proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $c; proxy_pass http://BACKEND; }", model.Unsure, "/ws", ""},
	{"Lua sets the request's header, and proxy_set_header does not pass it on", "", "location /ws { proxy_http_version 1.1; access_by_lua_block { ngx.req.set_header('Upgrade', 'websocket') ngx.req.set_header('Connection', 'upgrade') } proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"Lua clears Upgrade", "", "location /ws { UP access_by_lua_block { ngx.req.clear_header('Upgrade') } proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"Lua sets another header", "", "location /ws { UP access_by_lua_block { local s = '}' -- }\n ngx.req.set_header('X-A', s) } proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"Lua of a file-like call", "", "location /ws { UP access_by_lua_block { require('resty.core.base') } proxy_pass http://BACKEND; }", model.Unsure, "/ws", ""},
	{"Lua at server level", "access_by_lua_block { ngx.req.clear_header('Upgrade') }", "location /ws { UP proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"ngx.exec", "", "location /ws { rewrite_by_lua_block { return ngx.exec('@up') } proxy_pass http://BACKEND; } location @up { UP proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"ngx.exec to a location without headers", "", "location /ws { UP rewrite_by_lua_block { return ngx.exec('@up') } proxy_pass http://BACKEND; } location @up { proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"echo_exec", "", "location /ws { echo_exec @up; } location @up { UP proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"content_by_lua below proxy_pass", "", "location /ws { UP proxy_pass http://BACKEND; content_by_lua_block { ngx.say('lua') } }", model.Fails, "", "/ws"},
	{"content_by_lua above proxy_pass", "", "location /ws { UP content_by_lua_block { ngx.say('lua') } proxy_pass http://BACKEND; }", model.Passes, "/ws", ""},
	{"more_clear_input_headers", "", "location /ws { UP more_clear_input_headers Upgrade; proxy_pass http://BACKEND; }", model.Fails, "", "/ws"},
	{"js_set", "", "location /ws { proxy_http_version 1.1; js_set $c main.connection; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $c; proxy_pass http://BACKEND; }", model.Unsure, "/ws", ""},
	{"js_content below proxy_pass", "", "location /ws { UP proxy_pass http://BACKEND; js_content main.answer; }", model.Unsure, "", "/ws"},
}

// njs is the script of the cases with njs.
const njs = "function connection(r) { return 'upgrade'; }\nfunction answer(r) { r.return(200, 'js'); }\nexport default { connection, answer };\n"

// TestLiveScripts compares what the model says of scripts with what nginx with those
// modules does.
func TestLiveScripts(t *testing.T) {
	ran := false
	for _, n := range nginxtest.Installed(t) {
		modules, lua, ok := n.Modules()
		if !ok {
			continue
		}
		ran = true
		t.Run(n.Version, func(t *testing.T) {
			backend := nginxtest.StartBackend(t)
			text, addresses := scriptTree(t, backend.Address)
			load := ""
			for _, name := range []string{"ndk_http", "ngx_http_lua", "ngx_http_headers_more_filter", "ngx_http_echo", "ngx_http_js"} {
				load += "load_module " + filepath.Join(modules, name+"_module.so") + ";\n"
			}
			paths := fmt.Sprintf("    lua_package_path '%s/?.lua;;';\n", lua)
			dir := nginxtest.Write(t, map[string]string{"nginx.conf": load + strings.Replace(text, "PATHS\n", paths, 1), "main.js": njs})
			n.Start(t, dir, "nginx.conf", addresses[0])
			version, err := parser.ParseVersion(n.Version)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := parser.Load(mapFS(map[string]string{"nginx.conf": strings.Replace(text, "PATHS\n", "", 1)}), "nginx.conf", parser.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i, c := range scriptCases {
				c.check(t, cfg.Servers()[i], addresses[i], version)
			}
		})
	}
	if !ran {
		t.Skip("no nginx with the modules for Lua and njs: `make nginx` fetches them")
	}
}

// scriptTree writes the cases as one tree, as modelTree does.
func scriptTree(t *testing.T, backend string) (text string, addresses []string) {
	var b strings.Builder
	b.WriteString(nginxtest.Prologue + "http {\n    " + nginxtest.TempPaths + "\nPATHS\n    js_import main from main.js;\n    map $http_upgrade $usual { default upgrade; '' close; }\n")
	for _, c := range scriptCases {
		address := nginxtest.FreeAddress(t)
		addresses = append(addresses, address)
		fmt.Fprintf(&b, "    server {\n        listen %s;\n        %s\n        %s\n    }\n", address, c.server, c.location)
	}
	b.WriteString("}\n")
	return strings.NewReplacer("BACKEND", backend, "UP ", upgradeLines).Replace(b.String()), addresses
}
