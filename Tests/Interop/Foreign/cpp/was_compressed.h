// Whether the last message a call has received came compressed.
//
// gRPC decompresses messages before any public API sees them; what is left is a flag of the call,
// behind a function that libgrpc exports for tests and declares in no public header.
#pragma once

#include <cstdint>

struct grpc_call;

uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace interop {

/// `context` is a grpc::ServerContext or a grpc::ClientContext whose call has received a message.
template <class Context>
bool WasCompressed(Context& context) {
  constexpr uint32_t kFlagWasCompressed = 0x40000000;
  return (grpc_call_test_only_get_message_flags(context.c_call()) & kFlagWasCompressed) != 0;
}

}  // namespace interop
