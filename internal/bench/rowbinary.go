package bench

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// rowReader takes RowBinary apart, as little code as a Go program can scan
// rows with. The first error stays in err, and every later value is zero.
type rowReader struct {
	data []byte
	err  error
}

var errShort = errors.New("bench: a row of the engine is cut short")

func (r *rowReader) more() bool { return r.err == nil && len(r.data) > 0 }

func (r *rowReader) take(n int) []byte {
	if len(r.data) < n {
		r.data, r.err = nil, errShort
		return make([]byte, n)
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *rowReader) uint8() uint8   { return r.take(1)[0] }
func (r *rowReader) uint16() uint16 { return binary.LittleEndian.Uint16(r.take(2)) }
func (r *rowReader) uint32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }
func (r *rowReader) uint64() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }
func (r *rowReader) float64() float64 {
	return math.Float64frombits(r.uint64())
}

func (r *rowReader) string() string {
	n, size := binary.Uvarint(r.data)
	if size <= 0 || n > uint64(len(r.data)) {
		r.data, r.err = nil, errShort
		return ""
	}
	r.take(size)
	return string(r.take(int(n)))
}

// time is a DateTime64(3).
func (r *rowReader) time() time.Time { return time.UnixMilli(int64(r.uint64())).UTC() }

// The places of the figures: Decimal(18, 4).
const places = -4

// figure is a Nullable(Decimal(18, 4)).
func (r *rowReader) figure() (decimal.Decimal, bool) {
	if r.uint8() != 0 {
		return decimal.Decimal{}, false
	}
	return decimal.New(int64(r.uint64()), places), true
}

// total is a Nullable(Decimal(38, 4)).
func (r *rowReader) total() decimal.Decimal {
	if r.uint8() != 0 {
		return decimal.Decimal{}
	}
	raw := slices.Clone(r.take(16))
	slices.Reverse(raw)
	n := new(big.Int).SetBytes(raw)
	if raw[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), 128))
	}
	return decimal.NewFromBigInt(n, places)
}
