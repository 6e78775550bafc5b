//go:build linux && amd64

package chdb

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// request is what one HTTP request asks of the engine, in the terms of
// ClickHouse's HTTP interface.
type request struct {
	database   string            // "" is the default database
	format     string            // of the output, and of an insert's body
	buffered   bool              // wait_end_of_query: the whole result or an error
	statement  string            // from the URL; the body then is the data of an insert
	parameters map[string]string // values as escaped text
	settings   map[string]string
}

// transportArguments are the arguments of ClickHouse's HTTP interface that
// are not settings and that an engine in the process has no use for: there is
// one user, and nobody but this process sees a query's id.
var transportArguments = map[string]bool{
	"client_protocol_version": true, "query_id": true, "quota_key": true,
	"user": true, "password": true, "role": true, "buffer_size": true,
	"compress": true, "decompress": true, "session_id": true, "session_timeout": true, "session_check": true,
}

// parseRequest sorts the arguments of a URL. An argument that cannot be
// honoured is an error of the engine's kind, never ignored.
func parseRequest(arguments url.Values) (request, error) {
	r := request{format: "Native", parameters: map[string]string{}, settings: map[string]string{}}
	for name := range arguments {
		value := arguments.Get(name)
		parameter, isParameter := strings.CutPrefix(name, "param_")
		switch {
		case isParameter:
			r.parameters[parameter] = value
		case name == "database":
			r.database = value
		case name == "default_format":
			r.format = value
		case name == "query":
			r.statement = value
		case name == "wait_end_of_query":
			r.buffered = value == "1" || value == "true"
		case name == "session_id", (name == "compress" || name == "decompress") && value != "0":
			return r, engineError("Code: 48. DB::Exception: The embedded engine does not support the argument " + name + ". (NOT_IMPLEMENTED)")
		case transportArguments[name]:
		case !settingName.MatchString(name):
			return r, engineError("Code: 115. DB::Exception: Unknown setting '" + name + "'. (UNKNOWN_SETTING)")
		default:
			r.settings[name] = value
		}
	}
	return r, nil
}

var settingName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// locks are settings that forbid later SETs. They come last, and the
// connection is closed after the request: libchdb lets SET ... = DEFAULT undo
// them, which a server may stop doing any day.
var locks = []string{"allow_ddl", "readonly"}

// prepare brings the connection to the database and the settings of a
// request, with the fewest statements: none when the last request had the
// same. base are the settings that hold unless the request names them.
func (c *connection) prepare(base map[string]string, r request) error {
	wanted := maps.Clone(base)
	maps.Copy(wanted, r.settings)
	// log_comment carries the mark by which a running query is found and
	// killed; the caller's own comment stays in front of it.
	wanted["log_comment"] = strings.TrimSpace(r.settings["log_comment"] + " " + c.mark)

	database := r.database
	if database == "" {
		database = "default"
	}
	if r.database != c.database {
		if _, err := c.execute("USE "+quoteName(database), "Native", nil); err != nil {
			return err
		}
		c.database = r.database
	}

	var changes, lockings []string
	for _, name := range slices.Sorted(maps.Keys(c.settings)) {
		if _, ok := wanted[name]; !ok {
			changes = append(changes, name+" = DEFAULT")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		value := wanted[name]
		if now, ok := c.settings[name]; ok && now == value {
			continue
		}
		change := name + " = " + quoteText(value)
		if slices.Contains(locks, name) {
			lockings = append(lockings, change)
		} else {
			changes = append(changes, change)
		}
	}
	for _, list := range [][]string{changes, lockings} {
		if len(list) == 0 {
			continue
		}
		if _, err := c.execute("SET "+strings.Join(list, ", "), "Native", nil); err != nil {
			c.retired = true // some of the list may be in force
			return err
		}
	}
	if len(lockings) > 0 {
		c.retired = true
	}
	c.settings, c.asked = wanted, r.settings
	return nil
}

var (
	textEscaper = strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	nameEscaper = strings.NewReplacer(`\`, `\\`, "`", "\\`")
)

// quoteText and quoteName write a SQL string literal and a SQL identifier.
func quoteText(s string) string { return "'" + textEscaper.Replace(s) + "'" }
func quoteName(s string) string { return "`" + nameEscaper.Replace(s) + "`" }
