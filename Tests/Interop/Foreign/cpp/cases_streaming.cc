#include <string>

#include "cases.h"
#include "expect.h"
#include "requests.h"

namespace interop {
namespace {

constexpr int kMessages = 4;
constexpr int kRequestBytes[kMessages] = {27182, 8, 1828, 45904};
constexpr int kRequestBytesInAll = 74922;
constexpr int kResponseBytes[kMessages] = {31415, 9, 2653, 58979};

std::string ResponseName(int index) { return "response " + std::to_string(index + 1); }

}  // namespace

void ClientStreaming(const Session& session) {
  CallContext context(session);
  grpc::testing::StreamingInputCallResponse response;
  const auto stream = session.service->StreamingInputCall(&context, &response);
  for (const int bytes : kRequestBytes) {
    grpc::testing::StreamingInputCallRequest request;
    *request.mutable_payload() = Zeros(bytes);
    Send(*stream, request);
  }
  stream->WritesDone();
  ExpectOk("StreamingInputCall", stream->Finish());
  ExpectEqual("aggregated_payload_size", kRequestBytesInAll, response.aggregated_payload_size());
}

void ServerStreaming(const Session& session) {
  grpc::testing::StreamingOutputCallRequest request;
  for (const int bytes : kResponseBytes) request.add_response_parameters()->set_size(bytes);

  CallContext context(session);
  const auto stream = session.service->StreamingOutputCall(&context, request);
  for (int i = 0; i < kMessages; ++i) {
    ExpectZeros(ResponseName(i), kResponseBytes[i], Receive(*stream).payload());
  }
  ExpectNoMessage(*stream);
  ExpectOk("StreamingOutputCall", stream->Finish());
}

void PingPong(const Session& session) {
  CallContext context(session);
  const auto stream = session.service->FullDuplexCall(&context);
  for (int i = 0; i < kMessages; ++i) {
    Send(*stream, Exchange(kRequestBytes[i], kResponseBytes[i]));
    ExpectZeros(ResponseName(i), kResponseBytes[i], Receive(*stream).payload());
  }
  stream->WritesDone();
  ExpectNoMessage(*stream);
  ExpectOk("FullDuplexCall", stream->Finish());
}

void EmptyStream(const Session& session) {
  CallContext context(session);
  const auto stream = session.service->FullDuplexCall(&context);
  stream->WritesDone();
  ExpectNoMessage(*stream);
  ExpectOk("FullDuplexCall", stream->Finish());
}

}  // namespace interop
