package logs

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A jsonError is a line of an error log of Angie with format=json.
type jsonError struct {
	Time    time.Time
	Level   string
	Message string
	Error   *struct {
		Code    int
		Message string
	}
	HTTP *struct {
		Action  string
		Request struct {
			Server string
			Line   string `json:"request_line"`
			Host   string
		}
	}
}

// readJSONError reads a line of an error log in JSON. Its message gets the words that
// other error logs have, because kinds are recognised by them.
func readJSONError(line string) (e Entry, ok bool) {
	var j jsonError
	if !strings.HasPrefix(line, `{"time":"`) || json.Unmarshal([]byte(line), &j) != nil || j.Level == "" || j.Message == "" || j.Time.IsZero() {
		return e, false
	}
	e = Entry{Error: true, Time: j.Time, Level: j.Level, Message: j.Message, Lasted: -1}
	if j.Error != nil {
		e.Message += fmt.Sprintf(" (%d: %s)", j.Error.Code, j.Error.Message)
	}
	if j.HTTP == nil {
		return e, true
	}
	if j.HTTP.Action != "" {
		e.Message += " while " + j.HTTP.Action
	}
	e.Server, e.Host = j.HTTP.Request.Server, j.HTTP.Request.Host
	e.request(j.HTTP.Request.Line)
	return e, true
}
