#include <string>

#include "cases.h"
#include "expect.h"
#include "requests.h"

using grpc::Status;
using grpc::StatusCode;
using grpc::testing::Empty;

namespace interop {
namespace {

/// A request of either kind that asks the server to answer with a status.
template <class Request>
Request AskingFor(const Status& status) {
  Request request;
  request.mutable_response_status()->set_code(status.error_code());
  request.mutable_response_status()->set_message(status.error_message());
  return request;
}

void ExpectFromUnary(const Session& session, const Status& status) {
  CallContext context(session);
  grpc::testing::SimpleResponse response;
  const auto request = AskingFor<grpc::testing::SimpleRequest>(status);
  ExpectStatus("UnaryCall", status, session.service->UnaryCall(&context, request, &response));
}

void ExpectFromFullDuplex(const Session& session, const Status& status) {
  CallContext context(session);
  const auto stream = session.service->FullDuplexCall(&context);
  Send(*stream, AskingFor<grpc::testing::StreamingOutputCallRequest>(status));
  stream->WritesDone();
  ExpectNoMessage(*stream);
  ExpectStatus("FullDuplexCall", status, stream->Finish());
}

}  // namespace

void StatusCodeAndMessage(const Session& session) {
  const Status status(StatusCode::UNKNOWN, "test status message");
  ExpectFromUnary(session, status);
  ExpectFromFullDuplex(session, status);
}

void SpecialStatusMessage(const Session& session) {
  const std::string message =
      "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n";
  ExpectFromUnary(session, Status(StatusCode::UNKNOWN, message));
}

void UnimplementedMethod(const Session& session) {
  CallContext context(session);
  Empty response;
  const Status status = session.service->UnimplementedCall(&context, Empty(), &response);
  ExpectCode("UnimplementedCall", StatusCode::UNIMPLEMENTED, status);
}

void UnimplementedService(const Session& session) {
  const auto service = grpc::testing::UnimplementedService::NewStub(session.channel);
  CallContext context(session);
  Empty response;
  const Status status = service->UnimplementedCall(&context, Empty(), &response);
  ExpectCode("UnimplementedService", StatusCode::UNIMPLEMENTED, status);
}

}  // namespace interop
