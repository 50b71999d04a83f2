// The command lines of the gRPC interop programs.
#pragma once

#include <map>
#include <set>
#include <stdexcept>
#include <string>

namespace interop {

/// Exit statuses that mean something to whoever runs these programs.
enum ExitStatus { kPassed = 0, kFailed = 1, kUsage = 2 };

/// The command line makes no sense; says why.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A command line of flags: `--name=value` or `--name value`; a switch is `--name`, `--name=true`
/// or `--name=false`. Of a flag that comes twice, the last one counts.
class Flags {
 public:
  /// Throws UsageError for whatever is neither one of `options`, with a value, nor of `switches`.
  Flags(int argc, char** argv, const std::set<std::string>& options,
        const std::set<std::string>& switches);

  /// Throws UsageError where the flag is missing.
  std::string Required(const std::string& name) const;
  /// Empty where the flag is missing.
  std::string Optional(const std::string& name) const;
  bool IsOn(const std::string& name) const;
  /// Throws UsageError where the flag is missing or no port number.
  int Port(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

/// The content of a file a flag names; throws std::runtime_error.
std::string ReadFile(const std::string& path);

}  // namespace interop
