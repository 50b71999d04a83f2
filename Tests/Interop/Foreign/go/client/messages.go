package main

import (
	"io"

	pb "grpc/testing"
)

// The sizes that the unary tests ask for and send.
const (
	largeRequest  = 271828
	largeResponse = 314159
)

func zeros(size int) *pb.Payload {
	return &pb.Payload{Body: make([]byte, size)}
}

func largeSimpleRequest() *pb.SimpleRequest {
	return &pb.SimpleRequest{ResponseSize: largeResponse, Payload: zeros(largeRequest)}
}

// asking is a request for responses of these sizes, with a payload of its own.
func asking(payload int, sizes ...int32) *pb.StreamingOutputCallRequest {
	request := &pb.StreamingOutputCallRequest{Payload: zeros(payload)}
	for _, size := range sizes {
		request.ResponseParameters = append(request.ResponseParameters, &pb.ResponseParameters{Size: size})
	}
	return request
}

func boolValue(value bool) *pb.BoolValue {
	return &pb.BoolValue{Value: value}
}

type responseSource interface {
	Recv() (*pb.StreamingOutputCallResponse, error)
}

// expectNext takes one response, which must have so many zeros.
func expectNext(what string, source responseSource, size int) {
	response, err := source.Recv()
	expectOK(what, err)
	expectZeros(what, response.GetPayload(), size)
}

// expectEnd checks that there are no more responses, and that the call was successful.
func expectEnd(what string, source responseSource) {
	if response, err := source.Recv(); err == nil {
		fail("%s: expected no further response, found one of %d bytes", what, len(response.GetPayload().GetBody()))
	} else if err != io.EOF {
		expectOK(what, err)
	}
}
