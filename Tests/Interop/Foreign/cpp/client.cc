// The gRPC interop client, with gRPC C++:
//
//   interop-client --server_host H --server_port N --test_case NAME
//     [--use_tls] [--ca_file F] [--server_host_override NAME]
//
// Runs one test case against a server. Exits with 0 where it passed, 1 where it failed, 2 for a
// command line that makes no sense; says on stderr why.

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

#include "cases.h"
#include "flags.h"

namespace interop {
namespace {

constexpr std::chrono::seconds kCaseTime(15);

constexpr struct TestCase {
  const char* name;
  void (*run)(const Session& session);
} kTestCases[] = {
    {"empty_unary", EmptyUnary},
    {"large_unary", LargeUnary},
    {"client_compressed_unary", ClientCompressedUnary},
    {"server_compressed_unary", ServerCompressedUnary},
    {"client_streaming", ClientStreaming},
    {"client_compressed_streaming", ClientCompressedStreaming},
    {"server_streaming", ServerStreaming},
    {"server_compressed_streaming", ServerCompressedStreaming},
    {"ping_pong", PingPong},
    {"empty_stream", EmptyStream},
    {"custom_metadata", CustomMetadata},
    {"status_code_and_message", StatusCodeAndMessage},
    {"special_status_message", SpecialStatusMessage},
    {"unimplemented_method", UnimplementedMethod},
    {"unimplemented_service", UnimplementedService},
    {"cancel_after_begin", CancelAfterBegin},
    {"cancel_after_first_response", CancelAfterFirstResponse},
    {"timeout_on_sleeping_server", TimeoutOnSleepingServer},
};

const TestCase& CaseNamed(const std::string& name) {
  for (const TestCase& test_case : kTestCases) {
    if (name == test_case.name) return test_case;
  }
  throw UsageError("unknown test case: " + name);
}

std::shared_ptr<grpc::ChannelCredentials> CredentialsFrom(const Flags& flags) {
  if (!flags.IsOn("use_tls")) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  const std::string ca_file = flags.Optional("ca_file");
  if (!ca_file.empty()) options.pem_root_certs = ReadFile(ca_file);
  return grpc::SslCredentials(options);
}

std::shared_ptr<grpc::Channel> ChannelFrom(const Flags& flags) {
  const std::string target =
      flags.Required("server_host") + ":" + std::to_string(flags.Port("server_port"));
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  const std::string name = flags.Optional("server_host_override");
  if (!name.empty()) {
    arguments.SetSslTargetNameOverride(name);
    arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, name);
  }
  return grpc::CreateCustomChannel(target, CredentialsFrom(flags), arguments);
}

int Test(const Flags& flags) {
  const TestCase& test_case = CaseNamed(flags.Required("test_case"));
  test_case.run({ChannelFrom(flags), std::chrono::system_clock::now() + kCaseTime});
  return kPassed;
}

}  // namespace
}  // namespace interop

int main(int argc, char** argv) {
  // What there is to say is said once, below; the library's own log is there for those who ask for it.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  try {
    return interop::Test({argc,
                          argv,
                          {"server_host", "server_port", "test_case", "ca_file", "server_host_override"},
                          {"use_tls"}});
  } catch (const interop::UsageError& error) {
    std::cerr << argv[0] << ": " << error.what() << std::endl;
    return interop::kUsage;
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << std::endl;
    return interop::kFailed;
  }
}
