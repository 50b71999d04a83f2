#include "flags.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

namespace interop {

Flags::Flags(int argc, char** argv, const std::set<std::string>& options,
             const std::set<std::string>& switches) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind("--", 0) != 0) throw UsageError("not a flag: " + argument);

    const size_t equals = argument.find('=');
    const bool has_value = equals != std::string::npos;
    const std::string name = argument.substr(2, has_value ? equals - 2 : equals);
    std::string value = has_value ? argument.substr(equals + 1) : "";

    if (switches.count(name) != 0) {
      if (!has_value) value = "true";
      if (value != "true" && value != "false") throw UsageError("neither true nor false: " + argument);
    } else if (options.count(name) == 0) {
      throw UsageError("unknown flag: --" + name);
    } else if (!has_value) {
      if (++i == argc) throw UsageError("no value for --" + name);
      value = argv[i];
    }
    values_[name] = value;
  }
}

std::string Flags::Required(const std::string& name) const {
  const std::string value = Optional(name);
  if (value.empty()) throw UsageError("--" + name + " is needed");
  return value;
}

std::string Flags::Optional(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : found->second;
}

bool Flags::IsOn(const std::string& name) const { return Optional(name) == "true"; }

int Flags::Port(const std::string& name) const {
  const std::string text = Required(name);
  const char* const end = text.data() + text.size();
  int port = 0;
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || rest != end || port < 0 || port > 65535) {
    throw UsageError("--" + name + " is not a port number: " + text);
  }
  return port;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw std::runtime_error("cannot read " + path + ": " + std::strerror(errno));
  return content;
}

}  // namespace interop
