package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// maxLine limits how much of a line is read. nginx cuts lines of its error log at
// 2048 bytes. Those of an access log are as long as requests.
const maxLine = 16 << 10

// The size that compressed logs may unpack to: a fixed part, and a factor for each
// byte read. Logs shrink to a tenth, rarely to a thirtieth.
const (
	freeUnpacked    = 32 << 20
	unpackedPerByte = 40
)

// uncompressed returns the content of r, which may be compressed with gzip. The
// content decides, because standard input has no name.
func uncompressed(r io.Reader) (io.Reader, error) {
	packed := &counted{from: r}
	b := bufio.NewReaderSize(packed, maxLine)
	if magic, _ := b.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, err
	}
	return &unpacked{counted{from: z}, packed}, nil
}

// counted counts the bytes read.
type counted struct {
	from io.Reader
	n    int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// unpacked reads no more than a log of its size can contain.
type unpacked struct {
	counted
	packed *counted
}

func (u *unpacked) Read(p []byte) (int, error) {
	if most := freeUnpacked + unpackedPerByte*u.packed.n; u.n > most {
		return 0, fmt.Errorf("compressed far more than any log: %d bytes unpack to more than %d MiB; gave up; unpack it and name the result", u.packed.n, most>>20)
	}
	return u.counted.Read(p)
}

// eachLine calls f with each line, without its end and cut at maxLine bytes. The
// argument is valid until f returns.
func eachLine(r io.Reader, f func(line []byte)) error {
	b := bufio.NewReaderSize(r, maxLine)
	for {
		line, err := b.ReadSlice('\n')
		cut := errors.Is(err, bufio.ErrBufferFull)
		if len(line) > 0 {
			f(bytes.TrimRight(line, "\r\n"))
		}
		for cut { // the rest of a long line
			_, err = b.ReadSlice('\n')
			cut = errors.Is(err, bufio.ErrBufferFull)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
