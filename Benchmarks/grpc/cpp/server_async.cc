// libgrpc++'s completion-queue API: one queue and one thread per core, as its performance guide advises.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "grpc/testing/test.grpc.pb.h"
#include "options.h"

namespace {

using grpc::ServerCompletionQueue;
using grpc::testing::Empty;
using grpc::testing::StreamingInputCallRequest;
using grpc::testing::StreamingInputCallResponse;
using Service = grpc::testing::TestService::AsyncService;

// What a completion queue's tags point to. Deletes itself when its call is over.
class Call {
 public:
  virtual ~Call() = default;
  virtual void proceed(bool ok) = 0;
};

class EmptyCall final : public Call {
 public:
  EmptyCall(Service& service, ServerCompletionQueue& queue)
      : service_(service), queue_(queue), responder_(&context_) {
    service_.RequestEmptyCall(&context_, &request_, &responder_, &queue_, &queue_, this);
  }

  void proceed(bool ok) override {
    if (!ok || is_answered_) {
      delete this;
      return;
    }
    new EmptyCall(service_, queue_);
    is_answered_ = true;
    responder_.Finish(Empty(), grpc::Status::OK, this);
  }

 private:
  Service& service_;
  ServerCompletionQueue& queue_;
  grpc::ServerContext context_;
  Empty request_;
  grpc::ServerAsyncResponseWriter<Empty> responder_;
  bool is_answered_ = false;
};

class InputCall final : public Call {
 public:
  InputCall(Service& service, ServerCompletionQueue& queue)
      : service_(service), queue_(queue), reader_(&context_) {
    service_.RequestStreamingInputCall(&context_, &reader_, &queue_, &queue_, this);
  }

  //     waiting ──► reading ──► answering ──► deleted
  void proceed(bool ok) override {
    switch (state_) {
      case State::waiting:
        if (!ok) break;
        new InputCall(service_, queue_);
        state_ = State::reading;
        reader_.Read(&request_, this);
        return;
      case State::reading:
        if (!ok) return answer();
        size_ += static_cast<int>(request_.payload().body().size());
        reader_.Read(&request_, this);
        return;
      case State::answering:
        break;
    }
    delete this;
  }

 private:
  enum class State { waiting, reading, answering };

  void answer() {
    state_ = State::answering;
    StreamingInputCallResponse response;
    response.set_aggregated_payload_size(size_);
    reader_.Finish(response, grpc::Status::OK, this);
  }

  Service& service_;
  ServerCompletionQueue& queue_;
  grpc::ServerContext context_;
  grpc::ServerAsyncReader<StreamingInputCallResponse, StreamingInputCallRequest> reader_;
  StreamingInputCallRequest request_;
  State state_ = State::waiting;
  int size_ = 0;
};

void serve(Service& service, ServerCompletionQueue& queue) {
  // Several calls may start before the first of them is looked at.
  constexpr int calls_awaited = 64;
  for (int index = 0; index < calls_awaited; index += 1) {
    new EmptyCall(service, queue);
    new InputCall(service, queue);
  }
  void* tag = nullptr;
  bool ok = false;
  while (queue.Next(&tag, &ok)) static_cast<Call*>(tag)->proceed(ok);
}

}  // namespace

int main(int count, char** arguments) {
  const bench::Options options(count, arguments, bench::server_defaults);
  Service service;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  std::vector<std::unique_ptr<ServerCompletionQueue>> queues;
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned index = 0; index < cores; index += 1) queues.push_back(builder.AddCompletionQueue());
  const std::unique_ptr<grpc::Server> server = bench::listen(builder, options);

  std::vector<std::thread> threads;
  for (auto& queue : queues) threads.emplace_back(serve, std::ref(service), std::ref(*queue));
  for (auto& thread : threads) thread.join();
}
