package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

// maxLine is how much of a line is read. nginx cuts those of its error log at
// 2048 bytes; those of an access log are as long as requests are.
const maxLine = 16 << 10

// uncompressed is what r holds, by gzip or as it is: what a file is named tells
// nothing of standard input.
func uncompressed(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, maxLine)
	if magic, _ := b.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return b, nil
	}
	return gzip.NewReader(b)
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
