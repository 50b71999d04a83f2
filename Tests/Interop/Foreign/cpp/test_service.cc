#include "test_service.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "was_compressed.h"

using grpc::ServerContext;
using grpc::Status;
using grpc::StatusCode;
using grpc::WriteOptions;

namespace interop {
namespace {

// Well above the 4 MiB a client takes by default, and far from what would hurt the machine.
constexpr int kPayloadBytesMax = 64 << 20;

std::string StringOf(const grpc::string_ref& text) { return {text.data(), text.size()}; }

void EchoMetadata(ServerContext& context) {
  const std::string initial = "x-grpc-test-echo-initial";
  const std::string trailing = "x-grpc-test-echo-trailing-bin";
  for (const auto& [key, value] : context.client_metadata()) {
    if (key == initial) context.AddInitialMetadata(initial, StringOf(value));
    if (key == trailing) context.AddTrailingMetadata(trailing, StringOf(value));
  }
}

/// `request` has a field `expect_compressed`; where that is not set, anything is right.
template <class Request>
Status CheckCompression(ServerContext& context, const Request& request) {
  if (!request.has_expect_compressed()) return Status::OK;
  const bool expected = request.expect_compressed().value();
  if (WasCompressed(context) == expected) return Status::OK;
  return {StatusCode::INVALID_ARGUMENT, expected ? "the request was expected to be compressed"
                                                 : "the request was expected not to be compressed"};
}

/// The status a request asks the server to end the call with; OK where it asks for none.
template <class Request>
Status EchoedStatus(const Request& request) {
  const grpc::testing::EchoStatus& echo = request.response_status();
  return {static_cast<StatusCode>(echo.code()), echo.message()};
}

Status FillPayload(grpc::testing::PayloadType type, int size, grpc::testing::Payload* payload) {
  if (type != grpc::testing::COMPRESSABLE) {
    return {StatusCode::INVALID_ARGUMENT, "unknown payload type " + std::to_string(type)};
  }
  if (size < 0 || size > kPayloadBytesMax) {
    return {StatusCode::INVALID_ARGUMENT, "cannot send a payload of " + std::to_string(size) + " bytes"};
  }
  payload->set_type(type);
  payload->set_body(std::string(size, '\0'));
  return Status::OK;
}

/// Compresses the call's responses, with gzip where the client takes it: of the levels, the lowest
/// means the first algorithm that both sides have. Too late once the call's first response is sent.
void CompressResponses(ServerContext& context) {
  context.set_compression_level(GRPC_COMPRESS_LEVEL_LOW);
}

/// Waits, but not longer than the call lasts. The synchronous API only tells whether a call is
/// cancelled when it is asked, so it is asked now and then.
void Pause(const ServerContext& context, std::chrono::microseconds interval) {
  using Clock = std::chrono::steady_clock;
  constexpr Clock::duration kLook = std::chrono::milliseconds(10);
  const Clock::time_point end = Clock::now() + interval;
  for (auto now = Clock::now(); now < end && !context.IsCancelled(); now = Clock::now()) {
    std::this_thread::sleep_for(std::min(end - now, kLook));
  }
}

/// Sends the responses that one request asks for. The first request of a call decides whether any
/// of the call's responses can be compressed.
template <class Stream>
Status Respond(ServerContext& context, const TestService::OutputRequest& request, Stream& stream) {
  const Status echoed = EchoedStatus(request);
  if (!echoed.ok()) return echoed;

  const auto& all = request.response_parameters();
  if (std::any_of(all.begin(), all.end(), [](const auto& one) { return one.compressed().value(); })) {
    CompressResponses(context);
  }
  for (const auto& one : all) {
    TestService::OutputResponse response;
    const Status filled = FillPayload(request.response_type(), one.size(), response.mutable_payload());
    if (!filled.ok()) return filled;

    Pause(context, std::chrono::microseconds(one.interval_us()));
    WriteOptions options;
    if (!one.compressed().value()) options.set_no_compression();
    if (!stream.Write(response, options)) return Status::CANCELLED;
  }
  return Status::OK;
}

}  // namespace

Status TestService::EmptyCall(ServerContext* context, const Empty*, Empty*) {
  EchoMetadata(*context);
  return Status::OK;
}

Status TestService::UnaryCall(ServerContext* context, const SimpleRequest* request,
                              SimpleResponse* response) {
  EchoMetadata(*context);
  const Status compression = CheckCompression(*context, *request);
  if (!compression.ok()) return compression;
  const Status echoed = EchoedStatus(*request);
  if (!echoed.ok()) return echoed;

  if (request->response_compressed().value()) CompressResponses(*context);
  return FillPayload(request->response_type(), request->response_size(), response->mutable_payload());
}

Status TestService::StreamingInputCall(ServerContext* context, grpc::ServerReader<InputRequest>* reader,
                                       InputResponse* response) {
  int64_t size = 0;
  for (InputRequest request; reader->Read(&request);) {
    const Status compression = CheckCompression(*context, request);
    if (!compression.ok()) return compression;
    size += request.payload().body().size();
  }
  response->set_aggregated_payload_size(static_cast<int32_t>(size));
  return Status::OK;
}

Status TestService::StreamingOutputCall(ServerContext* context, const OutputRequest* request,
                                        grpc::ServerWriter<OutputResponse>* writer) {
  EchoMetadata(*context);
  return Respond(*context, *request, *writer);
}

Status TestService::FullDuplexCall(ServerContext* context,
                                   grpc::ServerReaderWriter<OutputResponse, OutputRequest>* stream) {
  EchoMetadata(*context);
  for (OutputRequest request; stream->Read(&request);) {
    const Status status = Respond(*context, request, *stream);
    if (!status.ok()) return status;
  }
  return Status::OK;
}

Status TestService::HalfDuplexCall(ServerContext* context,
                                   grpc::ServerReaderWriter<OutputResponse, OutputRequest>* stream) {
  EchoMetadata(*context);
  std::vector<OutputRequest> requests;
  for (OutputRequest request; stream->Read(&request);) requests.push_back(request);
  for (const OutputRequest& request : requests) {
    const Status status = Respond(*context, request, *stream);
    if (!status.ok()) return status;
  }
  return Status::OK;
}

}  // namespace interop
