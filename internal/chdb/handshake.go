//go:build linux && amd64

package chdb

import (
	"fmt"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
)

// handshakeQuery is what clickhouse-go asks first on every HTTP connection.
const handshakeQuery = "SELECT displayName(), version(), revision(), timezone()"

// handshake answers handshakeQuery. It says revision 0, because libchdb
// writes its Native blocks in the layout of revision 0 whatever the client
// announces; the answer itself is read at the client's own revision.
func handshake(version string) []byte {
	var displayName, engineVersion, timezone chproto.ColStr
	var revision chproto.ColUInt32
	displayName.Append("chdb")
	engineVersion.Append(version)
	revision.Append(0)
	timezone.Append("UTC")
	var buffer chproto.Buffer
	block := chproto.Block{Info: chproto.BlockInfo{BucketNum: -1}, Columns: 4, Rows: 1}
	err := block.EncodeBlock(&buffer, clickhouse.ClientTCPProtocolVersion, chproto.Input{
		{Name: "displayName()", Data: displayName},
		{Name: "version()", Data: engineVersion},
		{Name: "revision()", Data: revision},
		{Name: "timezone()", Data: timezone},
	})
	if err != nil {
		panic(fmt.Sprintf("chdb: four constant columns do not encode: %v", err))
	}
	return buffer.Buf
}
