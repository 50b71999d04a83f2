// EmptyCall on one warm connection, one at a time; prints how long the calls took as one JSON object.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "grpc/testing/test.grpc.pb.h"
#include "options.h"

namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

double call(grpc::testing::TestService::Stub& stub) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  grpc::testing::Empty response;
  const Clock::time_point start = Clock::now();
  const grpc::Status status = stub.EmptyCall(&context, grpc::testing::Empty(), &response);
  const Clock::time_point end = Clock::now();
  if (!status.ok()) {
    std::cerr << "EmptyCall: " << status.error_code() << " " << status.error_message() << std::endl;
    std::exit(1);
  }
  return Microseconds(end - start).count();
}

}  // namespace

int main(int count, char** arguments) {
  const bench::Options options(count, arguments, {{"port", ""}, {"calls", "10000"}, {"warmup", "1000"}});
  const auto channel =
      grpc::CreateChannel("127.0.0.1:" + options.text("port"), grpc::InsecureChannelCredentials());
  const auto stub = grpc::testing::TestService::NewStub(channel);

  for (int index = 0; index < options.number("warmup"); index += 1) call(*stub);
  std::vector<double> latencies;
  for (int index = 0; index < options.number("calls"); index += 1) latencies.push_back(call(*stub));
  std::sort(latencies.begin(), latencies.end());
  const auto quantile = [&](double part) { return latencies[static_cast<size_t>(part * (latencies.size() - 1))]; };
  std::cout << "{\"calls\": " << latencies.size() << ", \"p50_us\": " << quantile(0.5)
            << ", \"p99_us\": " << quantile(0.99) << "}" << std::endl;
}
