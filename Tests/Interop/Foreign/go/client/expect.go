package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "grpc/testing"
)

// fail ends the test. What it says is one line.
func fail(format string, values ...interface{}) {
	words := strings.Fields(fmt.Sprintf(format, values...))
	fmt.Fprintln(os.Stderr, strings.Join(words, " "))
	os.Exit(1)
}

func expect(what string, found, expected interface{}) {
	if found != expected {
		fail("%s: expected %v, found %v", what, expected, found)
	}
}

func expectOK(what string, err error) {
	if err != nil {
		fail("%s: expected to succeed, found %v", what, err)
	}
}

func expectCode(what string, err error, code codes.Code) {
	if found := status.Code(err); found != code {
		fail("%s: expected status %v, found %v: %v", what, code, found, status.Convert(err).Message())
	}
}

func expectStatus(what string, err error, code codes.Code, message string) {
	expectCode(what, err, code)
	if found := status.Convert(err).Message(); found != message {
		fail("%s: expected the message %q, found %q", what, message, found)
	}
}

// expectZeros checks the payload of a response: so many zeros, compressable.
func expectZeros(what string, payload *pb.Payload, size int) {
	expect(what+": payload type", payload.GetType(), pb.PayloadType_COMPRESSABLE)
	expect(what+": payload size", len(payload.GetBody()), size)
	if !bytes.Equal(payload.GetBody(), make([]byte, size)) {
		fail("%s: expected zeros in the payload, found other bytes", what)
	}
}
