package nginxtest

import (
	"encoding/binary"
	"fmt"
	"io"
)

// RFC 6455, section 5.2.
const (
	opText   = 0x1
	opBinary = 0x2
	opClose  = 0x8
	opPing   = 0x9
	opPong   = 0xA

	bitFinal  = 0x80
	bitMasked = 0x80
	maxShort  = 125 // longer payloads have their length in two or eight bytes more
)

// write sends a frame, masked as a client must.
func (c *Conn) write(op byte, payload []byte) error {
	frame := []byte{bitFinal | op}
	switch n := len(payload); {
	case n <= maxShort:
		frame = append(frame, bitMasked|byte(n))
	case n <= 0xFFFF:
		frame = binary.BigEndian.AppendUint16(append(frame, bitMasked|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, bitMasked|127), uint64(n))
	}
	mask := [4]byte{0x12, 0x34, 0x56, 0x78} // secrecy is of no use to a test
	frame = append(frame, mask[:]...)
	for i, b := range payload {
		frame = append(frame, b^mask[i%4])
	}
	_, err := c.conn.Write(frame)
	return err
}

// read returns the next frame, and answers it where it is a ping. A message in
// several frames is an error: no application sends one of the tests' so.
func (c *Conn) read() (op byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(c.r, head[:]); err != nil {
		return 0, nil, err
	}
	op = head[0] &^ bitFinal
	if head[0]&bitFinal == 0 || head[1]&bitMasked != 0 || !known(op) {
		return 0, nil, fmt.Errorf("not a whole frame of a server: % x", head)
	}
	n := uint64(head[1])
	if n > maxShort {
		long := make([]byte, 2+6*(n-126))
		if _, err := io.ReadFull(c.r, long); err != nil {
			return 0, nil, err
		}
		n = binary.BigEndian.Uint64(append(make([]byte, 8-len(long)), long...))
	}
	if n > 1<<20 {
		return 0, nil, fmt.Errorf("a frame of %d bytes", n)
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(c.r, payload); err != nil {
		return 0, nil, err
	}
	if op == opPing {
		return op, payload, c.write(opPong, payload)
	}
	return op, payload, nil
}

// known also refuses reserved bits, which no extension was agreed on for.
func known(op byte) bool {
	return op == opText || op == opBinary || op == opClose || op == opPing || op == opPong
}

// closed names the code of a close frame; 1005 is that of one without.
func closed(payload []byte) string {
	code := uint16(1005)
	if len(payload) >= 2 {
		code = binary.BigEndian.Uint16(payload)
	}
	return fmt.Sprintf("close %d", code)
}
