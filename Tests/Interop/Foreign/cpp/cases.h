// The test cases of the gRPC interop descriptions. Each throws Failure where the server under test
// falls short.
#pragma once

#include "session.h"

namespace interop {

void EmptyUnary(const Session& session);
void LargeUnary(const Session& session);

void ClientStreaming(const Session& session);
void ServerStreaming(const Session& session);
void PingPong(const Session& session);
void EmptyStream(const Session& session);

void ClientCompressedUnary(const Session& session);
void ServerCompressedUnary(const Session& session);
void ClientCompressedStreaming(const Session& session);
void ServerCompressedStreaming(const Session& session);

void CustomMetadata(const Session& session);

void StatusCodeAndMessage(const Session& session);
void SpecialStatusMessage(const Session& session);
void UnimplementedMethod(const Session& session);
void UnimplementedService(const Session& session);

void CancelAfterBegin(const Session& session);
void CancelAfterFirstResponse(const Session& session);
void TimeoutOnSleepingServer(const Session& session);

}  // namespace interop
