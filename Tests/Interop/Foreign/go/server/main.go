// Command interop-server serves the standard gRPC interop tests with grpc-go.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	pb "grpc/testing"
	"interop/compression"
)

// How long open calls may go on once the server was asked to end.
const grace = 5 * time.Second

func main() {
	port := flag.Int("port", 0, "the port to listen on, on 127.0.0.1; 0: any")
	useTLS := flag.Bool("use_tls", false, "serve with TLS")
	certificate := flag.String("tls_cert_file", "", "the certificate chain, PEM")
	key := flag.String("tls_key_file", "", "the certificate's key, PEM")
	flag.Parse()
	if flag.NArg() > 0 {
		misused("unexpected argument: %s", flag.Arg(0))
	}
	if *useTLS && (*certificate == "" || *key == "") {
		misused("--use_tls needs --tls_cert_file and --tls_key_file")
	}

	options := []grpc.ServerOption{
		grpc.StatsHandler(compression.Watcher{}),
		// Has every answer name gzip as its encoding, also those of which no message is compressed; that is allowed.
		grpc.RPCCompressor(compression.Gzip()),
	}
	if *useTLS {
		identity, err := credentials.NewServerTLSFromFile(*certificate, *key)
		check(err)
		options = append(options, grpc.Creds(identity))
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	check(err)
	server := grpc.NewServer(options...)
	pb.RegisterTestServiceServer(server, &service{})
	condition := health.NewServer()
	condition.SetServingStatus("grpc.testing.TestService", healthpb.HealthCheckResponse_SERVING)
	healthpb.RegisterHealthServer(server, condition)

	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-asked
		condition.Shutdown()
		time.AfterFunc(grace, server.Stop)
		server.GracefulStop()
	}()
	fmt.Printf("listening on %d\n", listener.Addr().(*net.TCPAddr).Port)
	check(server.Serve(listener))
}

func misused(format string, values ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(2)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
