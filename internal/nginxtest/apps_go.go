package nginxtest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	coder "github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"
)

// startHandler runs an application written in Go.
func startHandler(t testing.TB, name string, h http.HandlerFunc) *App {
	var mu sync.Mutex
	var all []Record
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		all = append(all, Record{r.Method, r.RequestURI, r.Proto, r.Host, r.Header.Clone(), r.RemoteAddr})
		mu.Unlock()
		h(w, r)
	}))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	seen := func() ([]Record, error) {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all), nil
	}
	return &App{Name: name, Address: s.Listener.Addr().String(), seen: seen}
}

func coderEcho(w http.ResponseWriter, r *http.Request) {
	c, err := coder.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer c.CloseNow()
	for {
		kind, message, err := c.Read(r.Context())
		if err != nil || c.Write(r.Context(), kind, message) != nil {
			return
		}
	}
}

func gorillaEcho(w http.ResponseWriter, r *http.Request) {
	var upgrader gorilla.Upgrader
	c, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	defer c.Close()
	for {
		kind, message, err := c.ReadMessage()
		if err != nil || c.WriteMessage(kind, message) != nil {
			return
		}
	}
}
