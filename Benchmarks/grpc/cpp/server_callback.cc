// libgrpc++'s callback API: what its authors recommend for new servers. Defaults throughout.

#include <grpcpp/grpcpp.h>

#include "grpc/testing/test.grpc.pb.h"
#include "options.h"

namespace {

using grpc::testing::Empty;
using grpc::testing::StreamingInputCallRequest;
using grpc::testing::StreamingInputCallResponse;

// One call: adds up the sizes of its messages.
class InputReactor final : public grpc::ServerReadReactor<StreamingInputCallRequest> {
 public:
  explicit InputReactor(StreamingInputCallResponse* response) : response_(response) { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) {
      response_->set_aggregated_payload_size(size_);
      return Finish(grpc::Status::OK);
    }
    size_ += static_cast<int>(request_.payload().body().size());
    StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  StreamingInputCallResponse* const response_;
  StreamingInputCallRequest request_;
  int size_ = 0;
};

class Service final : public grpc::testing::TestService::CallbackService {
  grpc::ServerUnaryReactor* EmptyCall(grpc::CallbackServerContext* context, const Empty*, Empty*) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerReadReactor<StreamingInputCallRequest>* StreamingInputCall(
      grpc::CallbackServerContext*, StreamingInputCallResponse* response) override {
    return new InputReactor(response);
  }
};

}  // namespace

int main(int count, char** arguments) {
  const bench::Options options(count, arguments, bench::server_defaults);
  Service service;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  bench::listen(builder, options)->Wait();
}
