package compression

import (
	"io"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/gzip" // To understand compressed messages.
	"google.golang.org/grpc/encoding/proto"
)

// How single messages are compressed, with two things that grpc-go 1.33 does: it sends a message as it is, flagged so,
// when the compressor wrote nothing; and it hands to the compressor the very bytes that it has just had encoded.
// The codec thus notes the bytes of the chosen messages, and the compressor writes nothing for all others.
var (
	chosen  sync.Map // messages
	encoded sync.Map // the address of the first byte of a chosen message's encoding
)

// Choose has a message compressed when it is sent next, in a call whose compressor is Gzip.
func Choose(message interface{}) {
	chosen.Store(message, nil)
}

// Gzip is the compressor, of a server or of a client's connection, for messages that were chosen.
func Gzip() grpc.Compressor {
	return choosing{grpc.NewGZIPCompressor()}
}

type choosing struct{ grpc.Compressor }

func (c choosing) Do(out io.Writer, message []byte) error {
	if len(message) == 0 {
		return nil
	}
	if _, wanted := encoded.LoadAndDelete(&message[0]); !wanted {
		return nil
	}
	return c.Compressor.Do(out, message)
}

type noting struct{ encoding.Codec }

func (c noting) Marshal(message interface{}) ([]byte, error) {
	bytes, err := c.Codec.Marshal(message)
	if _, wanted := chosen.LoadAndDelete(message); wanted && len(bytes) > 0 {
		encoded.Store(&bytes[0], nil)
	}
	return bytes, err
}

func init() {
	encoding.RegisterCodec(noting{encoding.GetCodec(proto.Name)})
}
