package office

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
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
// last code of each account, which is good once.
type secondFactor struct {
	key  []byte // 32 bytes; nil: second factors are not offered
	mu   sync.Mutex
	used map[string]string
}

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

// BeginSecondFactor makes a new secret for the visitor and returns its address
// (otpauth://...) for the phone. It counts once a code of it was confirmed.
func (o *Office) BeginSecondFactor(ctx context.Context, v people.Visitor) (address string, err error) {
	if v.SecondFactor {
		return "", disclosure.Errorf(disclosure.ErrConflict, "您已开通两步验证;要换手机,请先关闭再重新设置。")
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "明镜", AccountName: v.Account})
	if err != nil {
		return "", disclosure.Errorf(disclosure.ErrInternal, "无法生成两步验证的密钥,请联系管理员。").Because(err)
	}
	sealed, err := o.factor.seal(key.Secret())
	if err != nil {
		return "", err
	}
	secret, err := o.store.Secret(ctx, v.Account)
	if err != nil {
		return "", err
	}
	secret.TOTP = sealed
	return key.URL(), o.store.PutSecret(ctx, secret)
}

// ConfirmSecondFactor turns the second factor on, with a code that the phone
// shows. Errors: ErrForbidden for a wrong code.
func (o *Office) ConfirmSecondFactor(ctx context.Context, v people.Visitor, code string) error {
	return o.switchSecondFactor(ctx, v, code, true)
}

// EndSecondFactor turns it off, with a code.
func (o *Office) EndSecondFactor(ctx context.Context, v people.Visitor, code string) error {
	return o.switchSecondFactor(ctx, v, code, false)
}

func (o *Office) switchSecondFactor(ctx context.Context, v people.Visitor, code string, on bool) error {
	right, err := o.codeRight(ctx, v.Account, code)
	if err != nil {
		return err
	}
	if !right {
		return disclosure.Errorf(disclosure.ErrForbidden, "验证码不正确,请用手机上当前显示的6位数字,并核对手机时间。")
	}
	d, err := o.directory(ctx)
	if err != nil {
		return err
	}
	a := d.accounts[v.Account]
	a.SecondFactor = on
	return o.append(ctx, v, uuid.NewString(), store.Entry{Kind: store.KindPerson, ID: a.Account, Verb: store.VerbChange, Seen: a.Seq, State: a.Person})
}

// codeRight checks a code; each is good once.
func (o *Office) codeRight(ctx context.Context, account, code string) (bool, error) {
	secret, err := o.store.Secret(ctx, account)
	if err != nil {
		return false, err
	}
	plain, err := o.factor.open(secret.TOTP)
	if err != nil {
		return false, err
	}
	ok, err := totp.ValidateCustom(code, plain, o.clock().UTC(), totp.ValidateOpts{Period: 30, Skew: 1, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil || !ok {
		return false, nil //nolint:nilerr // a code of another length is a wrong code
	}
	o.factor.mu.Lock()
	defer o.factor.mu.Unlock()
	if o.factor.used == nil {
		o.factor.used = map[string]string{}
	}
	stamp := code + o.clock().UTC().Truncate(2*time.Minute).Format(time.RFC3339)
	if o.factor.used[account] == stamp {
		return false, nil
	}
	o.factor.used[account] = stamp
	return true, nil
}
