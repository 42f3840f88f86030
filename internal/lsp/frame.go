package lsp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The limits of what a client may send: a message can contain a whole document.
const (
	maxMessage = 128 << 20 // bytes; a longer one is skipped
	maxSkipped = 1 << 30   // bytes; a message that claims to be longer ends the session
	maxHeader  = 8 << 10   // bytes of all header lines of one message
)

// A tooLong error is about a message that was skipped.
type tooLong int

func (n tooLong) Error() string {
	return fmt.Sprintf("a message of %d bytes was skipped: more than %d are not read", int(n), maxMessage)
}

// errGarbage means that the input is no longer a sequence of messages.
var errGarbage = errors.New("the input is not a message of the language server protocol: no Content-Length")

// readMessage reads one message: header lines, an empty line and the content. After a
// tooLong error the next message can be read. io.EOF is the end between two messages.
func readMessage(r *bufio.Reader) ([]byte, error) {
	length, err := readHeader(r)
	switch {
	case err != nil:
		return nil, err
	case length > maxSkipped:
		return nil, fmt.Errorf("a message claims to have %d bytes", length)
	case length > maxMessage:
		if _, err := io.CopyN(io.Discard, r, int64(length)); err != nil {
			return nil, unexpected(err)
		}
		return nil, tooLong(length)
	}
	// The buffer grows with what arrives, and not with what the header claims.
	var content strings.Builder
	if _, err := io.CopyN(&content, r, int64(length)); err != nil {
		return nil, unexpected(err)
	}
	return []byte(content.String()), nil
}

// readHeader reads the header lines and returns the length of the content. Lines that
// are not header fields are ignored.
func readHeader(r *bufio.Reader) (length int, err error) {
	length = -1
	for size := 0; ; {
		line, err := r.ReadSlice('\n')
		size += len(line)
		switch {
		case err == io.EOF && size == 0:
			return 0, io.EOF
		case errors.Is(err, bufio.ErrBufferFull), size > maxHeader:
			return 0, errGarbage
		case err != nil:
			return 0, unexpected(err)
		}
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" && length >= 0 {
			return length, nil
		}
		name, value, _ := strings.Cut(text, ":")
		if !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue
		}
		if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil || length < 0 {
			return 0, fmt.Errorf("Content-Length %q is not a number of bytes", strings.TrimSpace(value))
		}
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// writeMessage writes one message.
func writeMessage(w io.Writer, content []byte) error {
	_, err := fmt.Fprintf(w, "Content-Length: %d\r\n\r\n%s", len(content), content)
	return err
}
