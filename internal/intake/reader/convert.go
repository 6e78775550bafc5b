package reader

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"mingjing/internal/disclosure"
)

// legacyError is Read's refusal of an old Office format. It carries a tag so
// that it is known again behind a worker's pipe, where only code, sentence and
// tag of an error survive.
type legacyError struct{ extension, name string }

const legacyTag = "libreoffice:"

func (e *legacyError) Error() string { return e.Unwrap().Error() }

// Tag is what NeedsOffice reads.
func (e *legacyError) Tag() string { return legacyTag + e.extension }

// Unwrap gives the sentence for a machine without LibreOffice.
func (e *legacyError) Unwrap() error {
	kind, target := "旧版Word(doc/wps)格式", "docx"
	switch e.extension {
	case "xls":
		kind, target = "旧版Excel(xls/et)格式", "xlsx"
	case "xlsb", "ods", "fods":
		kind, target = e.extension+"表格格式", "xlsx"
	case "rtf", "odt", "fodt":
		kind = e.extension + "文档格式"
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是%s,请用WPS或Word另存为%s后再交。", e.name, kind, target)
}

// NeedsOffice says whether err is Read's refusal of a format that
// Office.Convert can turn into docx or xlsx, and from which.
func NeedsOffice(err error) (extension string, needed bool) {
	var tagged interface{ Tag() string }
	if !errors.As(err, &tagged) || len(tagged.Tag()) <= len(legacyTag) || tagged.Tag()[:len(legacyTag)] != legacyTag {
		return "", false
	}
	extension = tagged.Tag()[len(legacyTag):]
	_, known := officeTarget[extension]
	return extension, known
}

// officeTarget is what each format is converted to. An extension outside of it
// never reaches a command line.
var officeTarget = map[string]string{
	"doc": "docx", "rtf": "docx", "odt": "docx", "fodt": "docx",
	"xls": "xlsx", "xlsb": "xlsx", "ods": "xlsx", "fods": "xlsx",
}

// Office is LibreOffice on this machine, used headless to convert old formats.
//
// It is started by the process that serves, never by a reading worker: the
// worker's landlock would forbid it, and LibreOffice is a process of its own
// anyway. It gets a profile and a folder that are removed afterwards, no
// environment of ours, macros and active content off, and is killed with all
// it started when the time is over. Its result is a foreign file again: have a
// worker read it.
type Office struct {
	Path    string        // of soffice
	Timeout time.Duration // of one conversion; 0 is 60 s
}

// maxConverted bounds what is read back.
const maxConverted = MaxFileBytes

// FindOffice looks for LibreOffice on the path and where its packages put it.
func FindOffice() (*Office, bool) {
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return &Office{Path: path}, true
		}
	}
	patterns := []string{"/usr/lib*/libreoffice/program/soffice", "/opt/libreoffice*/program/soffice", "/opt/apps/*/files/libreoffice/program/soffice"}
	switch runtime.GOOS {
	case "windows":
		patterns = []string{`C:\Program Files*\LibreOffice*\program\soffice.exe`}
	case "darwin":
		patterns = []string{"/Applications/LibreOffice.app/Contents/MacOS/soffice"}
	}
	for _, pattern := range patterns {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return &Office{Path: found[len(found)-1]}, true
		}
	}
	return nil, false
}

// Convert turns a file of an old format (an extension that NeedsOffice gave)
// into docx or xlsx. ErrInvalid when LibreOffice cannot read it or needs too
// long, ErrUnavailable when it cannot be started, or the context's error.
func (o *Office) Convert(ctx context.Context, name, extension string, data []byte) ([]byte, error) {
	target, known := officeTarget[extension]
	if !known {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”的格式不能转换,请用WPS或Word另存为docx或xlsx后再交。", name)
	}
	return o.convert(ctx, name, extension, target, data)
}

// PDF prints a Word document of our own making. Errors: as Convert.
func (o *Office) PDF(ctx context.Context, name string, docx []byte) ([]byte, error) {
	return o.convert(ctx, name, "docx", "pdf", docx)
}

func (o *Office) convert(ctx context.Context, name, extension, target string, data []byte) ([]byte, error) {
	folder, err := os.MkdirTemp("", "mingjing-convert-")
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "无法建立临时文件夹,请检查磁盘空间后重试。").Because(err)
	}
	defer os.RemoveAll(folder)
	if err := o.prepare(folder, extension, data); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "无法写入临时文件,请检查磁盘空间后重试。").Because(err)
	}
	timeout := o.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	said, err := o.run(limited, folder, extension, target)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”转换超过%d秒,请用WPS或Word另存为%s后再交。", name, int(timeout.Seconds()), target).Because(limited.Err())
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "LibreOffice无法启动,请用WPS或Word把文件“%s”另存为%s后再交。", name, target).Because(err)
	}
	converted, readErr := readConverted(filepath.Join(folder, "out", "file."+target))
	if err != nil || readErr != nil {
		cause := errors.Join(err, readErr, errors.New(string(said)))
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”无法转换,可能已损坏或加了密码,请用WPS或Word另存为%s后再交。", name, target).Because(cause)
	}
	return converted, nil
}

// profile turns off macros, active content and links to other files. The
// settings are LibreOffice's own (officecfg, org.openoffice.Office.Common).
const profile = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
`

func (o *Office) prepare(folder, extension string, data []byte) error {
	user := filepath.Join(folder, "profile", "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), []byte(profile), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "file."+extension), data, 0o600)
}

// run starts LibreOffice and waits; said is the end of what it printed.
func (o *Office) run(ctx context.Context, folder, extension, target string) (said []byte, err error) {
	cmd := exec.CommandContext(ctx, o.Path,
		"-env:UserInstallation="+fileURL(filepath.Join(folder, "profile")),
		"--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard",
		"--convert-to", target, "--outdir", filepath.Join(folder, "out"), filepath.Join(folder, "file."+extension))
	cmd.Dir = folder
	cmd.Env = officeEnvironment(folder)
	cmd.WaitDelay = 5 * time.Second
	killWithChildren(cmd)
	var output bytes.Buffer
	cmd.Stdout = &limitedBuffer{to: &output, left: 16 << 10}
	cmd.Stderr = cmd.Stdout
	err = cmd.Run()
	killChildren(cmd)
	return output.Bytes(), err
}

func officeEnvironment(folder string) []string {
	env := []string{"HOME=" + folder, "TMPDIR=" + folder, "LANG=C.UTF-8", "PATH=" + os.Getenv("PATH")}
	if runtime.GOOS == "windows" {
		env = append(env, "SystemRoot="+os.Getenv("SystemRoot"), "TEMP="+folder, "TMP="+folder)
	}
	return env
}

func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if path[0] != '/' {
		path = "/" + path
	}
	return "file://" + path
}

func readConverted(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxConverted+1))
	if len(data) > maxConverted {
		err = errors.New("converted file is too large")
	}
	return data, err
}

// limitedBuffer keeps the beginning of a stream and drops the rest.
type limitedBuffer struct {
	to   *bytes.Buffer
	left int
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	keep := p[:min(len(p), b.left)]
	b.left -= len(keep)
	b.to.Write(keep)
	return len(p), nil
}
