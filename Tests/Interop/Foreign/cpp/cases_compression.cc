#include <string>

#include "cases.h"
#include "expect.h"
#include "requests.h"

using grpc::testing::SimpleRequest;
using grpc::testing::SimpleResponse;
using grpc::testing::StreamingInputCallRequest;
using grpc::testing::StreamingInputCallResponse;

namespace interop {
namespace {

std::string Named(bool compressed) { return compressed ? "compressed" : "uncompressed"; }

grpc_compression_algorithm Algorithm(bool compressed) {
  return compressed ? GRPC_COMPRESS_GZIP : GRPC_COMPRESS_NONE;
}

SimpleRequest LargeRequestExpecting(bool compressed) {
  SimpleRequest request = LargeRequest();
  request.mutable_expect_compressed()->set_value(compressed);
  return request;
}

StreamingInputCallRequest InputExpecting(bool compressed, int bytes) {
  StreamingInputCallRequest request;
  request.mutable_expect_compressed()->set_value(compressed);
  *request.mutable_payload() = Zeros(bytes);
  return request;
}

/// Sends an uncompressed request that is said to be compressed, as which it must be refused.
void ProbeUnary(const Session& session) {
  CallContext context(session);
  context.set_compression_algorithm(Algorithm(false));
  SimpleResponse response;
  const auto status = session.service->UnaryCall(&context, LargeRequestExpecting(true), &response);
  ExpectCode("the probe", grpc::StatusCode::INVALID_ARGUMENT, status);
}

/// As ProbeUnary. The server may end the call before all is sent: then sending fails, as it should.
void ProbeStreaming(const Session& session) {
  CallContext context(session);
  context.set_compression_algorithm(Algorithm(false));
  StreamingInputCallResponse response;
  const auto stream = session.service->StreamingInputCall(&context, &response);
  stream->Write(InputExpecting(true, 27182));
  stream->WritesDone();
  ExpectCode("the probe", grpc::StatusCode::INVALID_ARGUMENT, stream->Finish());
}

}  // namespace

void ClientCompressedUnary(const Session& session) {
  ProbeUnary(session);
  for (const bool compressed : {true, false}) {
    const std::string what = "the " + Named(compressed) + " request";
    CallContext context(session);
    context.set_compression_algorithm(Algorithm(compressed));
    SimpleResponse response;
    ExpectOk(what, session.service->UnaryCall(&context, LargeRequestExpecting(compressed), &response));
    ExpectZeros(what, kLargeResponseBytes, response.payload());
  }
}

void ServerCompressedUnary(const Session& session) {
  for (const bool compressed : {true, false}) {
    const std::string what = "the " + Named(compressed) + " response";
    SimpleRequest request = LargeRequest();
    request.mutable_response_compressed()->set_value(compressed);

    CallContext context(session);
    SimpleResponse response;
    ExpectOk(what, session.service->UnaryCall(&context, request, &response));
    ExpectCompressed(what, compressed, context);
    ExpectZeros(what, kLargeResponseBytes, response.payload());
  }
}

void ClientCompressedStreaming(const Session& session) {
  ProbeStreaming(session);

  CallContext context(session);
  context.set_compression_algorithm(Algorithm(true));
  StreamingInputCallResponse response;
  const auto stream = session.service->StreamingInputCall(&context, &response);
  Send(*stream, InputExpecting(true, 27182));
  Send(*stream, InputExpecting(false, 45904), grpc::WriteOptions().set_no_compression());
  stream->WritesDone();
  ExpectOk("StreamingInputCall", stream->Finish());
  ExpectEqual("aggregated_payload_size", 73086, response.aggregated_payload_size());
}

void ServerCompressedStreaming(const Session& session) {
  constexpr struct {
    bool compressed;
    int bytes;
  } kResponses[] = {{true, 31415}, {false, 92653}};

  grpc::testing::StreamingOutputCallRequest request;
  for (const auto& [compressed, bytes] : kResponses) {
    auto* parameters = request.add_response_parameters();
    parameters->mutable_compressed()->set_value(compressed);
    parameters->set_size(bytes);
  }

  CallContext context(session);
  const auto stream = session.service->StreamingOutputCall(&context, request);
  for (const auto& [compressed, bytes] : kResponses) {
    const std::string what = "the " + Named(compressed) + " response";
    const auto response = Receive(*stream);
    ExpectCompressed(what, compressed, context);
    ExpectZeros(what, bytes, response.payload());
  }
  ExpectNoMessage(*stream);
  ExpectOk("StreamingOutputCall", stream->Finish());
}

}  // namespace interop
