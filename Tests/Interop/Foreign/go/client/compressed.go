package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"

	pb "grpc/testing"
	"interop/compression"
)

func clientCompressedUnary(ctx context.Context, server peer) {
	request := largeSimpleRequest()
	request.ExpectCompressed = boolValue(true)
	_, err := server.UnaryCall(ctx, request)
	expectCode("UnaryCall that is not compressed but says so", err, codes.InvalidArgument)

	for _, compressed := range []bool{true, false} {
		what := fmt.Sprintf("UnaryCall, compressed: %t", compressed)
		request.ExpectCompressed = boolValue(compressed)
		if compressed {
			compression.Choose(request)
		}
		response, err := server.UnaryCall(ctx, request)
		expectOK(what, err)
		expectZeros(what, response.GetPayload(), largeResponse)
	}
}

func serverCompressedUnary(ctx context.Context, server peer) {
	for _, compressed := range []bool{true, false} {
		what := fmt.Sprintf("UnaryCall, compressed: %t", compressed)
		request := largeSimpleRequest()
		request.ResponseCompressed = boolValue(compressed)
		response, err := server.UnaryCall(ctx, request)
		expectOK(what, err)
		expectZeros(what, response.GetPayload(), largeResponse)
		expect(what+": was compressed", compression.WasCompressed(ctx), compressed)
	}
}

func clientCompressedStreaming(ctx context.Context, server peer) {
	request := func(size int, expectCompressed bool) *pb.StreamingInputCallRequest {
		return &pb.StreamingInputCallRequest{Payload: zeros(size), ExpectCompressed: boolValue(expectCompressed)}
	}
	probe, err := server.StreamingInputCall(ctx)
	expectOK("StreamingInputCall", err)
	expectOK("a request", probe.Send(request(27182, true)))
	_, err = probe.CloseAndRecv()
	expectCode("a request that is not compressed but says so", err, codes.InvalidArgument)

	call, err := server.StreamingInputCall(ctx)
	expectOK("StreamingInputCall", err)
	compressed := request(27182, true)
	compression.Choose(compressed)
	expectOK("a compressed request", call.Send(compressed))
	expectOK("a request that is not compressed", call.Send(request(45904, false)))
	response, err := call.CloseAndRecv()
	expectOK("StreamingInputCall", err)
	expect("aggregated_payload_size", response.GetAggregatedPayloadSize(), int32(73086))
}

func serverCompressedStreaming(ctx context.Context, server peer) {
	request := asking(0, 31415, 92653)
	request.ResponseParameters[0].Compressed = boolValue(true)
	request.ResponseParameters[1].Compressed = boolValue(false)
	call, err := server.StreamingOutputCall(ctx, request)
	expectOK("StreamingOutputCall", err)
	expectNext("response 1", call, 31415)
	expect("response 1: was compressed", compression.WasCompressed(ctx), true)
	expectNext("response 2", call, 92653)
	expect("response 2: was compressed", compression.WasCompressed(ctx), false)
	expectEnd("StreamingOutputCall", call)
}
