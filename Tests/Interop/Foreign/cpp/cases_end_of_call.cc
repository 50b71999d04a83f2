// The cases in which it is the client that ends the call.

#include <chrono>

#include "cases.h"
#include "expect.h"
#include "requests.h"

namespace interop {
namespace {

/// Waits for the connection, which could otherwise take all the time of a call that has little.
void Connect(const Session& session) {
  for (;;) {
    const grpc_connectivity_state state = session.channel->GetState(/*try_to_connect=*/true);
    if (state == GRPC_CHANNEL_READY) return;
    const bool failed = state == GRPC_CHANNEL_TRANSIENT_FAILURE;
    if (failed || !session.channel->WaitForStateChange(state, session.deadline)) {
      Fail("connecting", "success", failed ? "a failure" : "none before the deadline");
    }
  }
}

}  // namespace

void CancelAfterBegin(const Session& session) {
  CallContext context(session);
  grpc::testing::StreamingInputCallResponse response;
  const auto stream = session.service->StreamingInputCall(&context, &response);
  context.TryCancel();
  ExpectCode("StreamingInputCall", grpc::StatusCode::CANCELLED, stream->Finish());
}

void CancelAfterFirstResponse(const Session& session) {
  CallContext context(session);
  const auto stream = session.service->FullDuplexCall(&context);
  Send(*stream, Exchange(27182, 31415));
  ExpectZeros("the first response", 31415, Receive(*stream).payload());
  context.TryCancel();
  ExpectCode("FullDuplexCall", grpc::StatusCode::CANCELLED, stream->Finish());
}

void TimeoutOnSleepingServer(const Session& session) {
  Connect(session);

  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1));
  const auto stream = session.service->FullDuplexCall(&context);
  grpc::testing::StreamingOutputCallRequest request;
  *request.mutable_payload() = Zeros(27182);
  // Fails where the time is over by now, as it may be.
  stream->Write(request);
  ExpectCode("FullDuplexCall", grpc::StatusCode::DEADLINE_EXCEEDED, stream->Finish());
}

}  // namespace interop
