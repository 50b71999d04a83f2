#include "expect.h"

#include <absl/strings/escaping.h>

#include <algorithm>
#include <iterator>

#include "was_compressed.h"

using grpc::Status;
using grpc::StatusCode;

namespace interop {
namespace {

/// The codes by number.
const char* const kCodeNames[] = {"OK",
                                  "CANCELLED",
                                  "UNKNOWN",
                                  "INVALID_ARGUMENT",
                                  "DEADLINE_EXCEEDED",
                                  "NOT_FOUND",
                                  "ALREADY_EXISTS",
                                  "PERMISSION_DENIED",
                                  "RESOURCE_EXHAUSTED",
                                  "FAILED_PRECONDITION",
                                  "ABORTED",
                                  "OUT_OF_RANGE",
                                  "UNIMPLEMENTED",
                                  "INTERNAL",
                                  "UNAVAILABLE",
                                  "DATA_LOSS",
                                  "UNAUTHENTICATED"};

std::string Name(StatusCode code) {
  const size_t index = static_cast<size_t>(code);
  return index < std::size(kCodeNames) ? kCodeNames[index] : "code " + std::to_string(code);
}

}  // namespace

void Fail(const std::string& what, const std::string& expected, const std::string& actual) {
  throw Failure(what + ": expected " + expected + ", got " + actual);
}

std::string Quoted(const std::string& text) { return '"' + absl::Utf8SafeCEscape(text) + '"'; }

std::string Described(const Status& status) {
  return Name(status.error_code()) + " " + Quoted(status.error_message());
}

void ExpectEqual(const std::string& what, int expected, int actual) {
  if (actual != expected) Fail(what, std::to_string(expected), std::to_string(actual));
}

void ExpectCode(const std::string& what, StatusCode expected, const Status& actual) {
  if (actual.error_code() != expected) Fail(what, Name(expected), Described(actual));
}

void ExpectOk(const std::string& what, const Status& actual) { ExpectCode(what, StatusCode::OK, actual); }

void ExpectStatus(const std::string& what, const Status& expected, const Status& actual) {
  const bool same = actual.error_code() == expected.error_code() &&
                    actual.error_message() == expected.error_message();
  if (!same) Fail(what, Described(expected), Described(actual));
}

void ExpectZeros(const std::string& what, int bytes, const grpc::testing::Payload& actual) {
  const std::string& body = actual.body();
  ExpectEqual(what + ": bytes of payload", bytes, static_cast<int>(body.size()));
  const auto other = std::find_if(body.begin(), body.end(), [](char byte) { return byte != 0; });
  if (other == body.end()) return;
  Fail(what, "zeros", "another byte at " + std::to_string(other - body.begin()));
}

void ExpectCompressed(const std::string& what, bool expected, grpc::ClientContext& context) {
  if (WasCompressed(context) == expected) return;
  const std::string compressed = "a compressed message", plain = "one that is not compressed";
  Fail(what, expected ? compressed : plain, expected ? plain : compressed);
}

}  // namespace interop
