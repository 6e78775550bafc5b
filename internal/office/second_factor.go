package office

import (
	"bytes"
	"cmp"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"image/png"
	"net/url"
	"strings"
	"sync"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// secondFactor holds the key that second factors are encrypted under, and the
// step of the last code of each account: a code is good once (RFC 6238, 5.2).
type secondFactor struct {
	key  []byte // 32 bytes; nil: second factors are not offered
	mu   sync.Mutex
	used map[string]int64
}

// codePeriod is how long a code is shown, in seconds.
const codePeriod = 30

// UseKey sets the key for second factors: 32 bytes out of a file that backups
// leave out. Without one they are not offered.
func (o *Office) UseKey(key []byte) { o.factor.key = key }

func (f *secondFactor) seal(secret string) ([]byte, error) {
	box, err := f.box()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return box.Seal(nonce, nonce, []byte(secret), nil), nil
}

func (f *secondFactor) open(sealed []byte) (string, error) {
	box, err := f.box()
	if err != nil {
		return "", err
	}
	if len(sealed) < box.NonceSize() {
		return "", errNoFactor()
	}
	plain, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], nil)
	if err != nil {
		return "", disclosure.Errorf(disclosure.ErrUnavailable, "两步验证的密钥文件与数据不符(数据可能是从备份恢复的),请管理员重置该账号。").Because(err)
	}
	return string(plain), nil
}

func (f *secondFactor) box() (cipher.AEAD, error) {
	if f.key == nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "本系统没有设置两步验证的密钥文件,暂不能使用两步验证,请联系管理员。")
	}
	block, err := aes.NewCipher(f.key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func errNoFactor() error {
	return disclosure.Errorf(disclosure.ErrConflict, "没有待确认的两步验证,请重新开始设置。")
}

// OffersSecondFactor says whether the installation has a key for them.
func (o *Office) OffersSecondFactor() bool { return o.factor.key != nil }

func errCode() error {
	return disclosure.Errorf(disclosure.ErrForbidden, "验证码不正确,请用手机上当前显示的6位数字,并核对手机时间。")
}

// BeginSecondFactor makes a new secret for the visitor. It counts once a code
// of it was confirmed; until then PendingSecondFactor shows it.
func (o *Office) BeginSecondFactor(ctx context.Context, v people.Visitor) error {
	if v.SecondFactor {
		return disclosure.Errorf(disclosure.ErrConflict, "您已开通两步验证;要换手机,请先关闭再重新设置。")
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: v.Account})
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInternal, "无法生成两步验证的密钥,请联系管理员。").Because(err)
	}
	sealed, err := o.factor.seal(key.Secret())
	if err != nil {
		return err
	}
	return o.putTOTP(ctx, v.Account, sealed)
}

const issuer = "明镜"

// PendingFactor is a second factor that waits for its first code.
type PendingFactor struct {
	Secret string // base32, for phones that cannot read the picture
	url    string
}

// PendingSecondFactor returns the visitor's secret that is not confirmed yet;
// nil when there is none.
func (o *Office) PendingSecondFactor(ctx context.Context, v people.Visitor) (*PendingFactor, error) {
	if v.SecondFactor || o.factor.key == nil {
		return nil, nil
	}
	secret, err := o.store.Secret(ctx, v.Account)
	if err != nil || len(secret.TOTP) == 0 {
		return nil, notFoundIsNone(err)
	}
	plain, err := o.factor.open(secret.TOTP)
	if err != nil {
		return nil, err
	}
	label := url.PathEscape(issuer + ":" + v.Account)
	return &PendingFactor{Secret: plain, url: "otpauth://totp/" + label + "?issuer=" + url.QueryEscape(issuer) + "&secret=" + plain}, nil
}

func notFoundIsNone(err error) error {
	if err != nil && disclosure.CodeOf(err) == disclosure.ErrNotFound {
		return nil
	}
	return err
}

// Picture draws the secret's address as a QR code, in PNG.
func (p *PendingFactor) Picture(side int) ([]byte, error) {
	key, err := otp.NewKeyFromURL(p.url)
	if err != nil {
		return nil, err
	}
	picture, err := key.Image(side, side)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, picture)
	return b.Bytes(), err
}

func (o *Office) putTOTP(ctx context.Context, account string, sealed []byte) error {
	secret, err := o.store.Secret(ctx, account)
	if err != nil {
		return err
	}
	secret.TOTP = sealed
	return o.store.PutSecret(ctx, secret)
}

// ConfirmSecondFactor turns the second factor on, with a code that the phone
// shows. Errors: ErrForbidden for a wrong code.
func (o *Office) ConfirmSecondFactor(ctx context.Context, v people.Visitor, code string) error {
	return o.switchSecondFactor(ctx, v, code, true)
}

// EndSecondFactor turns it off, with a code. Wrong codes count as failed
// sign-ins.
func (o *Office) EndSecondFactor(ctx context.Context, v people.Visitor, code string) error {
	return o.switchSecondFactor(ctx, v, code, false)
}

func (o *Office) switchSecondFactor(ctx context.Context, v people.Visitor, code string, on bool) error {
	if until := o.signIns.begin(v.Account, o.clock()); !until.IsZero() {
		return errLocked(until)
	}
	right, err := o.codeRight(ctx, v.Account, code)
	if err != nil {
		o.signIns.undo(v.Account)
		return err
	}
	if !right {
		return cmp.Or(o.fileFailure(ctx, true, v.Account, v.Address), errCode())
	}
	o.signIns.forget(v.Account)
	o.accounts.Lock()
	defer o.accounts.Unlock()
	a, known, err := o.accountNow(ctx, v.Account)
	if err != nil || !known {
		return errors.Join(err, errNoFactor())
	}
	a.SecondFactor = on
	if err := o.append(ctx, v, uuid.NewString(), store.Entry{Kind: store.KindPerson, ID: a.Account, Verb: store.VerbChange, Seen: a.Seq, State: a.Person}); err != nil {
		return err
	}
	if on {
		return nil
	}
	return o.putTOTP(ctx, a.Account, nil)
}

// codeRight checks a code; each is good once. The phone's clock may be one
// period off.
func (o *Office) codeRight(ctx context.Context, account, code string) (bool, error) {
	secret, err := o.store.Secret(ctx, account)
	if err != nil {
		return false, err
	}
	plain, err := o.factor.open(secret.TOTP)
	if err != nil {
		return false, err
	}
	o.factor.mu.Lock()
	defer o.factor.mu.Unlock()
	if o.factor.used == nil {
		o.factor.used = map[string]int64{}
	}
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	now := o.clock().Unix() / codePeriod
	for step := now - 1; step <= now+1; step++ {
		want, err := totp.GenerateCode(plain, time.Unix(step*codePeriod, 0).UTC())
		if err != nil {
			return false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > o.factor.used[account] {
			o.factor.used[account] = step
			return true, nil
		}
	}
	return false, nil
}
