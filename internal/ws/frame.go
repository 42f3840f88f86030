package ws

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"unicode/utf8"
)

// The kinds of frames (RFC 6455, section 5.2).
const (
	Continuation = 0x0
	Text         = 0x1
	Binary       = 0x2
	Close        = 0x8
	Ping         = 0x9
	Pong         = 0xA
)

const (
	bitFinal  = 0x80
	bitMasked = 0x80
	maxShort  = 125 // longer payloads have their length in two or eight bytes more

	maxPayload = 1 << 20 // of a frame that is read
)

// A Frame is one frame of a server.
type Frame struct {
	Op      byte
	Final   bool // the last of its message
	Payload []byte
}

// WriteFrame sends a whole message in a frame, masked as a client must.
func WriteFrame(w io.Writer, op byte, payload []byte) error {
	frame := []byte{bitFinal | op}
	switch n := len(payload); {
	case n <= maxShort:
		frame = append(frame, bitMasked|byte(n))
	case n <= 0xFFFF:
		frame = binary.BigEndian.AppendUint16(append(frame, bitMasked|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, bitMasked|127), uint64(n))
	}
	var mask [4]byte
	_, _ = rand.Read(mask[:])
	frame = append(frame, mask[:]...)
	for i, b := range payload {
		frame = append(frame, b^mask[i%4])
	}
	_, err := w.Write(frame)
	return err
}

// ReadFrame returns the next frame. What a server must not send is an error: a mask,
// bits or opcodes that were not negotiated, a control frame that is long or
// fragmented (RFC 6455, sections 5.1 to 5.5), and also a payload of more than a
// megabyte.
func ReadFrame(r io.Reader) (Frame, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Frame{}, err
	}
	f := Frame{Op: head[0] &^ bitFinal, Final: head[0]&bitFinal != 0}
	control := f.Op >= Close
	if head[1]&bitMasked != 0 || !isOpcode(f.Op) || control && (!f.Final || head[1] > maxShort) {
		return Frame{}, fmt.Errorf("not a frame of a server: % x", head)
	}
	n := uint64(head[1])
	if n > maxShort {
		long := make([]byte, 2+6*(n-126))
		if _, err := io.ReadFull(r, long); err != nil {
			return Frame{}, err
		}
		n = binary.BigEndian.Uint64(append(make([]byte, 8-len(long)), long...))
	}
	if n > maxPayload {
		return Frame{}, fmt.Errorf("a frame of %d bytes", n)
	}
	f.Payload = make([]byte, n)
	_, err := io.ReadFull(r, f.Payload)
	return f, err
}

// isOpcode also refuses reserved bits, because no extension was negotiated.
func isOpcode(op byte) bool {
	return op <= Binary || op == Close || op == Ping || op == Pong
}

// Closed decodes a close frame's payload. 1005 is the code of an empty one.
func Closed(payload []byte) (code int, reason string) {
	if len(payload) < 2 {
		return 1005, ""
	}
	code, reason = int(binary.BigEndian.Uint16(payload)), string(payload[2:])
	if !utf8.ValidString(reason) {
		reason = ""
	}
	return code, reason
}

// Closing returns the payload of a close frame with a code.
func Closing(code int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(code)) }
