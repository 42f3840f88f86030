package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// maxLine is how much of a line is read. nginx cuts those of its error log at
// 2048 bytes; those of an access log are as long as requests are.
const maxLine = 16 << 10

// What gzip made smaller may become so many bytes, and so many more for each byte
// that is read of it. Logs shrink to a tenth, seldom to a thirtieth.
const (
	freeUnpacked    = 32 << 20
	unpackedPerByte = 40
)

// uncompressed is what r holds, by gzip or as it is: what a file is named tells
// nothing of standard input.
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

// counted counts what is read.
type counted struct {
	from io.Reader
	n    int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// unpacked reads no more than a log of its size may become.
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

// eachLine calls f with each line, without its end and no more of it than
// maxLine bytes. What f is given holds until it returns.
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
