#include "cases.h"
#include "expect.h"
#include "requests.h"

namespace interop {

void EmptyUnary(const Session& session) {
  CallContext context(session);
  grpc::testing::Empty response;
  const grpc::Status status = session.service->EmptyCall(&context, grpc::testing::Empty(), &response);
  ExpectOk("EmptyCall", status);
}

void LargeUnary(const Session& session) {
  CallContext context(session);
  grpc::testing::SimpleResponse response;
  ExpectOk("UnaryCall", session.service->UnaryCall(&context, LargeRequest(), &response));
  ExpectZeros("UnaryCall", kLargeResponseBytes, response.payload());
}

}  // namespace interop
