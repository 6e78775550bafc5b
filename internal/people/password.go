package people

import (
	"crypto/rand"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// LeastPassword is the length that a password must have, in characters; GB/T
// 22239 (等保) asks for complexity and does not name a number.
const LeastPassword = 10

const mostPassword = 128

// everybodysPasswords are beginnings that guessers try first.
var everybodysPasswords = []string{"password", "passw0rd", "admin", "123456", "qwerty", "abc123", "mingjing", "zhengwu", "111111", "888888", "iloveyou", "1qaz2wsx"}

// CheckPassword says what is wrong with a new password. Error: ErrInvalid.
func CheckPassword(password, account, name string) error {
	length := utf8.RuneCountInString(password)
	switch {
	case length < LeastPassword:
		return disclosure.Errorf(disclosure.ErrInvalid, "口令至少%d位,请加长。", LeastPassword)
	case length > mostPassword:
		return disclosure.Errorf(disclosure.ErrInvalid, "口令最多%d位,请缩短。", mostPassword)
	case kindsOf(password) < 3:
		return disclosure.Errorf(disclosure.ErrInvalid, "口令应含大写字母、小写字母、数字、符号中的至少三类。")
	}
	low := strings.ToLower(password)
	if account != "" && strings.Contains(low, account) || name != "" && strings.Contains(password, name) {
		return disclosure.Errorf(disclosure.ErrInvalid, "口令不能含有账号或姓名,请换一个。")
	}
	for _, common := range everybodysPasswords {
		if strings.HasPrefix(low, common) {
			return disclosure.Errorf(disclosure.ErrInvalid, "口令以常见词“%s”开头,容易被猜到,请换一个。", common)
		}
	}
	if fewDifferent(password) {
		return disclosure.Errorf(disclosure.ErrInvalid, "口令中重复的字符过多,请换一个。")
	}
	return nil
}

func kindsOf(password string) int {
	var upper, lower, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return upper + lower + digit + other
}

func fewDifferent(password string) bool {
	seen := map[rune]bool{}
	for _, r := range password {
		seen[r] = true
	}
	return len(seen) < 5
}

// Initial passwords are read off paper and typed: no characters that look alike.
const (
	initialLetters = "abcdefghjkmnpqrstuvwxyz"
	initialCapital = "ABCDEFGHJKMNPQRSTUVWXYZ"
	initialDigits  = "23456789"
)

// InitialPassword makes a password for a slip: 12 characters in three groups,
// about 48 bits. It is changed at the first sign-in.
func InitialPassword() (string, error) {
	var b strings.Builder
	for i, alphabet := range []string{initialCapital, initialLetters, initialLetters, initialDigits,
		initialCapital, initialLetters, initialDigits, initialDigits,
		initialCapital, initialLetters, initialLetters, initialDigits} {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", disclosure.Errorf(disclosure.ErrInternal, "系统无法生成口令,请联系管理员。").Because(err)
		}
		b.WriteByte(alphabet[n.Int64()])
	}
	return b.String(), nil
}
