package main

import (
	"context"
	"fmt"

	pb "grpc/testing"
)

func emptyUnary(ctx context.Context, server peer) {
	response, err := server.EmptyCall(ctx, &pb.Empty{})
	expectOK("EmptyCall", err)
	if response == nil {
		fail("EmptyCall: expected a response, found none")
	}
}

func largeUnary(ctx context.Context, server peer) {
	response, err := server.UnaryCall(ctx, largeSimpleRequest())
	expectOK("UnaryCall", err)
	expectZeros("UnaryCall", response.GetPayload(), largeResponse)
}

func clientStreaming(ctx context.Context, server peer) {
	call, err := server.StreamingInputCall(ctx)
	expectOK("StreamingInputCall", err)
	for _, size := range []int{27182, 8, 1828, 45904} {
		expectOK("a request", call.Send(&pb.StreamingInputCallRequest{Payload: zeros(size)}))
	}
	response, err := call.CloseAndRecv()
	expectOK("StreamingInputCall", err)
	expect("aggregated_payload_size", response.GetAggregatedPayloadSize(), int32(74922))
}

func serverStreaming(ctx context.Context, server peer) {
	call, err := server.StreamingOutputCall(ctx, asking(0, 31415, 9, 2653, 58979))
	expectOK("StreamingOutputCall", err)
	for number, size := range []int{31415, 9, 2653, 58979} {
		expectNext(fmt.Sprintf("response %d", number+1), call, size)
	}
	expectEnd("StreamingOutputCall", call)
}

func pingPong(ctx context.Context, server peer) {
	call, err := server.FullDuplexCall(ctx)
	expectOK("FullDuplexCall", err)
	for _, ping := range []struct{ sends, asks int }{{27182, 31415}, {8, 9}, {1828, 2653}, {45904, 58979}} {
		what := fmt.Sprintf("the exchange of %d for %d bytes", ping.sends, ping.asks)
		expectOK(what, call.Send(asking(ping.sends, int32(ping.asks))))
		expectNext(what, call, ping.asks)
	}
	expectOK("half-close", call.CloseSend())
	expectEnd("FullDuplexCall", call)
}

func emptyStream(ctx context.Context, server peer) {
	call, err := server.FullDuplexCall(ctx)
	expectOK("FullDuplexCall", err)
	expectOK("half-close", call.CloseSend())
	expectEnd("FullDuplexCall", call)
}
