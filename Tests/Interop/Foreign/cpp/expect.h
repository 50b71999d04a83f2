// What the test cases assert. Each of these throws Failure, which says what was expected and what
// came instead.
#pragma once

#include <grpcpp/grpcpp.h>

#include <stdexcept>
#include <string>

#include "grpc/testing/messages.pb.h"

namespace interop {

/// The server under test fell short.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `what` is the thing that `actual` should be, such as "the second response".
[[noreturn]] void Fail(const std::string& what, const std::string& expected, const std::string& actual);

/// A text as it can be shown on one line.
std::string Quoted(const std::string& text);
std::string Described(const grpc::Status& status);

void ExpectEqual(const std::string& what, int expected, int actual);
void ExpectCode(const std::string& what, grpc::StatusCode expected, const grpc::Status& actual);
void ExpectOk(const std::string& what, const grpc::Status& actual);
/// The very code and message.
void ExpectStatus(const std::string& what, const grpc::Status& expected, const grpc::Status& actual);
/// A body of that many zeros.
void ExpectZeros(const std::string& what, int bytes, const grpc::testing::Payload& actual);
/// Whether the last message of the call was compressed on the wire.
void ExpectCompressed(const std::string& what, bool expected, grpc::ClientContext& context);

// For calls whose requests, or responses, are a stream.

template <class Stream, class Message>
void Send(Stream& stream, const Message& message, grpc::WriteOptions options = {}) {
  if (stream.Write(message, options)) return;
  Fail("sending a message", "success", "the end of the call, with " + Described(stream.Finish()));
}

template <class Stream>
grpc::testing::StreamingOutputCallResponse Receive(Stream& stream) {
  grpc::testing::StreamingOutputCallResponse response;
  if (stream.Read(&response)) return response;
  Fail("receiving", "a message", "the end of the call, with " + Described(stream.Finish()));
}

template <class Stream>
void ExpectNoMessage(Stream& stream) {
  grpc::testing::StreamingOutputCallResponse response;
  if (!stream.Read(&response)) return;
  Fail("receiving", "no message", "one of " + std::to_string(response.ByteSizeLong()) + " bytes");
}

}  // namespace interop
