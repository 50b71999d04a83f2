package main

import (
	"context"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "grpc/testing"
	"interop/compression"
)

// service is grpc.testing.TestService. What is not written here answers UNIMPLEMENTED.
type service struct {
	pb.UnimplementedTestServiceServer
}

func (*service) EmptyCall(context.Context, *pb.Empty) (*pb.Empty, error) {
	return &pb.Empty{}, nil
}

func (*service) UnaryCall(ctx context.Context, request *pb.SimpleRequest) (*pb.SimpleResponse, error) {
	if err := echoMetadata(ctx); err != nil {
		return nil, err
	}
	if err := checkCompression(ctx, request.GetExpectCompressed()); err != nil {
		return nil, err
	}
	if err := statusAsked(request.GetResponseStatus()); err != nil {
		return nil, err
	}
	payload, err := newPayload(request.GetResponseType(), request.GetResponseSize())
	if err != nil {
		return nil, err
	}
	response := &pb.SimpleResponse{Payload: payload}
	if request.GetResponseCompressed().GetValue() {
		compression.Choose(response)
	}
	return response, nil
}

func (*service) StreamingInputCall(stream pb.TestService_StreamingInputCallServer) error {
	size := 0
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return stream.SendAndClose(&pb.StreamingInputCallResponse{AggregatedPayloadSize: int32(size)})
		}
		if err != nil {
			return err
		}
		if err := checkCompression(stream.Context(), request.GetExpectCompressed()); err != nil {
			return err
		}
		size += len(request.GetPayload().GetBody())
	}
}

func (*service) StreamingOutputCall(
	request *pb.StreamingOutputCallRequest, stream pb.TestService_StreamingOutputCallServer,
) error {
	return answer(request, stream)
}

func (*service) FullDuplexCall(stream pb.TestService_FullDuplexCallServer) error {
	if err := echoMetadata(stream.Context()); err != nil {
		return err
	}
	return forEach(stream, func(request *pb.StreamingOutputCallRequest) error {
		return answer(request, stream)
	})
}

func (*service) HalfDuplexCall(stream pb.TestService_HalfDuplexCallServer) error {
	var requests []*pb.StreamingOutputCallRequest
	err := forEach(stream, func(request *pb.StreamingOutputCallRequest) error {
		requests = append(requests, request)
		return nil
	})
	if err != nil {
		return err
	}
	for _, request := range requests {
		if err := answer(request, stream); err != nil {
			return err
		}
	}
	return nil
}

type requestSource interface {
	Recv() (*pb.StreamingOutputCallRequest, error)
}

// forEach hands the requests on until the client has said its last.
func forEach(source requestSource, handle func(*pb.StreamingOutputCallRequest) error) error {
	for {
		request, err := source.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := handle(request); err != nil {
			return err
		}
	}
}

type responseSink interface {
	Context() context.Context
	Send(*pb.StreamingOutputCallResponse) error
}

// answer sends the responses that one request asks for.
func answer(request *pb.StreamingOutputCallRequest, sink responseSink) error {
	if err := statusAsked(request.GetResponseStatus()); err != nil {
		return err
	}
	for _, asked := range request.GetResponseParameters() {
		payload, err := newPayload(request.GetResponseType(), asked.GetSize())
		if err != nil {
			return err
		}
		response := &pb.StreamingOutputCallResponse{Payload: payload}
		if asked.GetCompressed().GetValue() {
			compression.Choose(response)
		}
		if err := pause(sink.Context(), time.Duration(asked.GetIntervalUs())*time.Microsecond); err != nil {
			return err
		}
		if err := sink.Send(response); err != nil {
			return err
		}
	}
	return nil
}

func pause(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
}

func newPayload(kind pb.PayloadType, size int32) (*pb.Payload, error) {
	if kind != pb.PayloadType_COMPRESSABLE {
		return nil, status.Errorf(codes.InvalidArgument, "there is no payload of type %v here", kind)
	}
	if size < 0 {
		return nil, status.Errorf(codes.InvalidArgument, "a payload of %d bytes was asked for", size)
	}
	return &pb.Payload{Type: kind, Body: make([]byte, size)}, nil
}

// statusAsked is the error of the status that the client asks for, nil if it asks for none.
func statusAsked(asked *pb.EchoStatus) error {
	return status.Error(codes.Code(asked.GetCode()), asked.GetMessage())
}

// checkCompression fails if the last message did not come as it says itself.
func checkCompression(ctx context.Context, expected *pb.BoolValue) error {
	was := compression.WasCompressed(ctx)
	if expected == nil || expected.GetValue() == was {
		return nil
	}
	return status.Errorf(codes.InvalidArgument,
		"expect_compressed is %t, but whether the message was compressed: %t", expected.GetValue(), was)
}

// echoMetadata sends back the two headers of the tests, one as a header, one as a trailer.
func echoMetadata(ctx context.Context) error {
	received, _ := metadata.FromIncomingContext(ctx)
	if values := received.Get(echoInitial); len(values) > 0 {
		if err := grpc.SetHeader(ctx, metadata.Pairs(echoInitial, values[0])); err != nil {
			return err
		}
	}
	if values := received.Get(echoTrailing); len(values) > 0 {
		return grpc.SetTrailer(ctx, metadata.Pairs(echoTrailing, values[0]))
	}
	return nil
}

const (
	echoInitial  = "x-grpc-test-echo-initial"
	echoTrailing = "x-grpc-test-echo-trailing-bin"
)
