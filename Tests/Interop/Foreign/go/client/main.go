// Command interop-client runs one of the standard gRPC interop tests with grpc-go.
//
// It exits with 0 when the test passed, with 1 and one line on stderr when it did not, and with 2 when there is no such
// flag or test.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"

	pb "grpc/testing"
	"interop/compression"
)

// How long a test may take.
const patience = 20 * time.Second

// Gzip connections name gzip in their calls, and leave the choice to each message.
type testCase struct {
	run  func(context.Context, peer)
	gzip bool
}

// A peer is the server's two services, of which it must not have the second.
type peer struct {
	pb.TestServiceClient
	missing pb.UnimplementedServiceClient
}

var testCases = map[string]testCase{
	"empty_unary":                 {run: emptyUnary},
	"large_unary":                 {run: largeUnary},
	"client_compressed_unary":     {run: clientCompressedUnary, gzip: true},
	"server_compressed_unary":     {run: serverCompressedUnary, gzip: true},
	"client_streaming":            {run: clientStreaming},
	"client_compressed_streaming": {run: clientCompressedStreaming, gzip: true},
	"server_streaming":            {run: serverStreaming},
	"server_compressed_streaming": {run: serverCompressedStreaming, gzip: true},
	"ping_pong":                   {run: pingPong},
	"empty_stream":                {run: emptyStream},
	"custom_metadata":             {run: customMetadata},
	"status_code_and_message":     {run: statusCodeAndMessage},
	"special_status_message":      {run: specialStatusMessage},
	"unimplemented_method":        {run: unimplementedMethod},
	"unimplemented_service":       {run: unimplementedService},
	"cancel_after_begin":          {run: cancelAfterBegin},
	"cancel_after_first_response": {run: cancelAfterFirstResponse},
	"timeout_on_sleeping_server":  {run: timeoutOnSleepingServer},
}

func main() {
	var server address
	flag.StringVar(&server.host, "server_host", "127.0.0.1", "the host to connect to")
	flag.IntVar(&server.port, "server_port", 0, "the port to connect to")
	flag.BoolVar(&server.useTLS, "use_tls", false, "connect with TLS")
	flag.StringVar(&server.authorities, "ca_file", "", "the authorities to trust, PEM; the system's if not given")
	flag.StringVar(&server.name, "server_host_override", "", "the name to expect in the server's certificate")
	name := flag.String("test_case", "", "the test to run")
	flag.Parse()
	if flag.NArg() > 0 {
		misused("unexpected argument: %s", flag.Arg(0))
	}

	test, ok := testCases[*name]
	if !ok {
		misused("no such test: %q", *name)
	}

	options := []grpc.DialOption{grpc.WithStatsHandler(compression.Watcher{})}
	if test.gzip {
		options = append(options, grpc.WithCompressor(compression.Gzip()))
	}
	ctx, cancel := context.WithTimeout(compression.Watched(context.Background()), patience)
	defer cancel()
	connection := server.connect(ctx, options)
	test.run(ctx, peer{pb.NewTestServiceClient(connection), pb.NewUnimplementedServiceClient(connection)})
}

func misused(format string, values ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(2)
}
