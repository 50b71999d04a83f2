package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// An address is where the server is, and how it proves to be the one that is meant.
type address struct {
	host        string
	port        int
	useTLS      bool
	authorities string
	name        string
}

// How long it may take to connect. After a failure grpc-go tries again until then.
const connectPatience = 5 * time.Second

// connect waits for the connection: no test may pass for want of a server.
func (a address) connect(ctx context.Context, options []grpc.DialOption) *grpc.ClientConn {
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	options = append(options, a.security(), grpc.WithBlock(), grpc.WithReturnConnectionError(),
		grpc.FailOnNonTempDialError(true))
	connection, err := grpc.DialContext(ctx, net.JoinHostPort(a.host, strconv.Itoa(a.port)), options...)
	if err != nil {
		fail("expected a server at %s:%d: %v", a.host, a.port, err)
	}
	return connection
}

func (a address) security() grpc.DialOption {
	if !a.useTLS {
		return grpc.WithInsecure()
	}
	config := &tls.Config{ServerName: a.name}
	if a.authorities != "" {
		authorities, err := readAuthorities(a.authorities)
		if err != nil {
			fail("%v", err)
		}
		config.RootCAs = authorities
	}
	return grpc.WithTransportCredentials(credentials.NewTLS(config))
}

func readAuthorities(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate", path)
	}
	return pool, nil
}
