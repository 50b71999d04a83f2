// Package compression shows and decides, message by message, what is compressed. grpc-go's own calls show nothing,
// and decide for whole calls only.
package compression

import (
	"context"

	"google.golang.org/grpc/stats"
)

// The flag and the length before each message.
const prefixLength = 5

type seenKey struct{}

// Watched gives a context that remembers what WasCompressed tells of the call made with it.
func Watched(ctx context.Context) context.Context {
	return context.WithValue(ctx, seenKey{}, new(bool))
}

// WasCompressed says whether the last message that was received in a watched call came compressed.
func WasCompressed(ctx context.Context) bool {
	return *ctx.Value(seenKey{}).(*bool)
}

// Watcher is the stats handler that sees the messages come in. A server's calls are all watched.
//
// A message came compressed if its length on the wire is not its own. Those could be equal by chance, if gzip saved
// exactly as much as its own header and trailer take; the long payloads of the tests are far from it.
type Watcher struct{}

// TagRPC has a server's call watched.
func (Watcher) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	if ctx.Value(seenKey{}) != nil {
		return ctx
	}
	return Watched(ctx)
}

// HandleRPC remembers how a message came. It is called by whoever receives the message, before it is handed out.
func (Watcher) HandleRPC(ctx context.Context, event stats.RPCStats) {
	if message, ok := event.(*stats.InPayload); ok {
		*ctx.Value(seenKey{}).(*bool) = message.WireLength != message.Length+prefixLength
	}
}

// TagConn does nothing.
func (Watcher) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn does nothing.
func (Watcher) HandleConn(context.Context, stats.ConnStats) {}
