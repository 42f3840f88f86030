module github.com/nginx-ws-lint/nginx-ws-lint

go 1.26
