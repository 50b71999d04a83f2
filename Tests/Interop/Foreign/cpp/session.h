// What a test case works with.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>

#include "grpc/testing/test.grpc.pb.h"

namespace interop {

/// A connection to the server under test, and the time until which the test case may go on.
struct Session {
  std::shared_ptr<grpc::Channel> channel;
  std::chrono::system_clock::time_point deadline;
  std::unique_ptr<grpc::testing::TestService::Stub> service =
      grpc::testing::TestService::NewStub(channel);
};

/// The context of one call, which ends when the time of its test case is over.
class CallContext : public grpc::ClientContext {
 public:
  explicit CallContext(const Session& session) { set_deadline(session.deadline); }
};

}  // namespace interop
