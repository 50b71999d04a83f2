// The gRPC interop server, with gRPC C++:
//
//   interop-server --port N [--use_tls --tls_cert_file F --tls_key_file F]
//
// Serves grpc.testing.TestService and grpc.health.v1.Health on 127.0.0.1 and says `listening on PORT`;
// port 0 is any that is free. SIGTERM and SIGINT end it: the calls that are open get a while to end.

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>

#include "flags.h"
#include "test_service.h"

namespace interop {
namespace {

/// How long the calls that are open may go on once the server is told to stop.
constexpr std::chrono::seconds kShutdownGrace(3);

/// The signals that stop the server, blocked in every thread that starts from now on, so that they
/// wait for Wait.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  /// After the first signal a second one kills: it is for those who cannot wait.
  void Wait() const {
    int signal = 0;
    sigwait(&signals_, &signal);
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  }

 private:
  sigset_t signals_;
};

std::shared_ptr<grpc::ServerCredentials> CredentialsFrom(const Flags& flags) {
  if (!flags.IsOn("use_tls")) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  options.pem_key_cert_pairs.push_back(
      {ReadFile(flags.Required("tls_key_file")), ReadFile(flags.Required("tls_cert_file"))});
  return grpc::SslServerCredentials(options);
}

int Serve(const Flags& flags) {
  const std::string address = "127.0.0.1:" + std::to_string(flags.Port("port"));
  TestService service;
  int port = 0;

  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  builder.AddListeningPort(address, CredentialsFrom(flags), &port);
  // A port that another server has is an error, not something to share with it.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);

  const StopSignals stop;
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) throw std::runtime_error("cannot serve on " + address);
  server->GetHealthCheckService()->SetServingStatus(grpc::testing::TestService::service_full_name(), true);

  std::cout << "listening on " << port << std::endl;
  stop.Wait();
  server->Shutdown(std::chrono::system_clock::now() + kShutdownGrace);
  server->Wait();
  return kPassed;
}

}  // namespace
}  // namespace interop

int main(int argc, char** argv) {
  try {
    return interop::Serve({argc, argv, {"port", "tls_cert_file", "tls_key_file"}, {"use_tls"}});
  } catch (const interop::UsageError& error) {
    std::cerr << argv[0] << ": " << error.what() << std::endl;
    return interop::kUsage;
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << std::endl;
    return interop::kFailed;
  }
}
