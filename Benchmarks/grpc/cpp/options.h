// What both servers and the client are told on the command line, and how they are secured.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

namespace bench {

// `--name value` pairs; anything else ends the program with status 2.
class Options {
 public:
  Options(int count, char** arguments, const std::map<std::string, std::string>& defaults) : values_(defaults) {
    for (int index = 1; index < count; index += 2) {
      const std::string name = arguments[index];
      if (index + 1 == count || name.rfind("--", 0) != 0 || values_.count(name.substr(2)) == 0) {
        std::cerr << arguments[0] << ": unknown or incomplete option " << name << std::endl;
        std::exit(2);
      }
      values_[name.substr(2)] = arguments[index + 1];
    }
  }

  const std::string& text(const std::string& name) const { return values_.at(name); }
  int number(const std::string& name) const { return std::stoi(values_.at(name)); }

 private:
  std::map<std::string, std::string> values_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << "cannot read " << path << std::endl;
    std::exit(2);
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What a server is told: the PEM files of its certificate and key, both or neither.
inline const std::map<std::string, std::string> server_defaults = {{"tls_cert_file", ""}, {"tls_key_file", ""}};

inline std::shared_ptr<grpc::ServerCredentials> server_credentials(const Options& options) {
  if (options.text("tls_cert_file").empty()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back(
      {read_file(options.text("tls_key_file")), read_file(options.text("tls_cert_file"))});
  return grpc::SslServerCredentials(tls);
}

// Starts what `builder` describes on any free loopback port, and tells which.
inline std::unique_ptr<grpc::Server> listen(grpc::ServerBuilder& builder, const Options& options) {
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", server_credentials(options), &port);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    std::cerr << "cannot listen" << std::endl;
    std::exit(1);
  }
  std::cout << "listening on " << port << std::endl;
  return server;
}

}  // namespace bench
