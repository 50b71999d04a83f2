package main

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	pb "grpc/testing"
)

const (
	initialKey    = "x-grpc-test-echo-initial"
	initialValue  = "test_initial_metadata_value"
	trailingKey   = "x-grpc-test-echo-trailing-bin"
	trailingValue = "\xab\xab\xab"
)

func customMetadata(ctx context.Context, server peer) {
	ctx = metadata.AppendToOutgoingContext(ctx, initialKey, initialValue, trailingKey, trailingValue)

	var header, trailer metadata.MD
	response, err := server.UnaryCall(ctx, largeSimpleRequest(), grpc.Header(&header), grpc.Trailer(&trailer))
	expectOK("UnaryCall", err)
	expectZeros("UnaryCall", response.GetPayload(), largeResponse)
	expectEcho("UnaryCall", header, trailer)

	call, err := server.FullDuplexCall(ctx)
	expectOK("FullDuplexCall", err)
	expectOK("the request", call.Send(asking(largeRequest, largeResponse)))
	expectOK("half-close", call.CloseSend())
	expectNext("FullDuplexCall", call, largeResponse)
	expectEnd("FullDuplexCall", call)
	header, err = call.Header()
	expectOK("FullDuplexCall", err)
	expectEcho("FullDuplexCall", header, call.Trailer())
}

func expectEcho(what string, header, trailer metadata.MD) {
	expectOnly(what+": header "+initialKey, header.Get(initialKey), initialValue)
	expectOnly(what+": trailer "+trailingKey, trailer.Get(trailingKey), trailingValue)
}

func expectOnly(what string, found []string, expected string) {
	if len(found) != 1 || found[0] != expected {
		fail("%s: expected %q alone, found %q", what, expected, found)
	}
}

func statusCodeAndMessage(ctx context.Context, server peer) {
	asked := &pb.EchoStatus{Code: int32(codes.Unknown), Message: "test status message"}
	_, err := server.UnaryCall(ctx, &pb.SimpleRequest{ResponseStatus: asked})
	expectStatus("UnaryCall", err, codes.Unknown, asked.Message)

	call, err := server.FullDuplexCall(ctx)
	expectOK("FullDuplexCall", err)
	expectOK("the request", call.Send(&pb.StreamingOutputCallRequest{ResponseStatus: asked}))
	expectOK("half-close", call.CloseSend())
	_, err = call.Recv()
	expectStatus("FullDuplexCall", err, codes.Unknown, asked.Message)
}

func specialStatusMessage(ctx context.Context, server peer) {
	asked := &pb.EchoStatus{
		Code:    int32(codes.Unknown),
		Message: "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
	}
	_, err := server.UnaryCall(ctx, &pb.SimpleRequest{ResponseStatus: asked})
	expectStatus("UnaryCall", err, codes.Unknown, asked.Message)
}

func unimplementedMethod(ctx context.Context, server peer) {
	_, err := server.UnimplementedCall(ctx, &pb.Empty{})
	expectCode("TestService.UnimplementedCall", err, codes.Unimplemented)
}

func unimplementedService(ctx context.Context, server peer) {
	_, err := server.missing.UnimplementedCall(ctx, &pb.Empty{})
	expectCode("UnimplementedService.UnimplementedCall", err, codes.Unimplemented)
}

func cancelAfterBegin(ctx context.Context, server peer) {
	ctx, cancel := context.WithCancel(ctx)
	call, err := server.StreamingInputCall(ctx)
	expectOK("StreamingInputCall", err)
	cancel()
	_, err = call.CloseAndRecv()
	expectCode("StreamingInputCall", err, codes.Canceled)
}

func cancelAfterFirstResponse(ctx context.Context, server peer) {
	ctx, cancel := context.WithCancel(ctx)
	call, err := server.FullDuplexCall(ctx)
	expectOK("FullDuplexCall", err)
	expectOK("the request", call.Send(asking(27182, 31415)))
	expectNext("the response", call, 31415)
	cancel()
	_, err = call.Recv()
	expectCode("FullDuplexCall", err, codes.Canceled)
}

func timeoutOnSleepingServer(ctx context.Context, server peer) {
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	call, err := server.FullDuplexCall(ctx)
	if err == nil {
		// The time may be over before the request is sent: what counts is how the call ends.
		_ = call.Send(asking(27182))
		_, err = call.Recv()
	}
	expectCode("FullDuplexCall", err, codes.DeadlineExceeded)
}
