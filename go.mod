module github.com/nginx-ws-lint/nginx-ws-lint

go 1.26

require github.com/sergi/go-diff v1.4.0

require github.com/tufanbarisyildirim/gonginx v0.0.0-20260220081509-8e17ce617db3 // indirect
