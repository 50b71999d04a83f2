// The requests that several test cases send.
#pragma once

#include "grpc/testing/messages.pb.h"

namespace interop {

constexpr int kLargeRequestBytes = 271828;
constexpr int kLargeResponseBytes = 314159;

/// A payload of that many zeros.
grpc::testing::Payload Zeros(int bytes);

/// Sends and asks for a payload that does not fit into an HTTP/2 window.
grpc::testing::SimpleRequest LargeRequest();

/// Sends a payload, and asks for one response with a payload.
grpc::testing::StreamingOutputCallRequest Exchange(int request_bytes, int response_bytes);

}  // namespace interop
