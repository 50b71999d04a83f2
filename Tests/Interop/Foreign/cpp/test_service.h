// grpc.testing.TestService, as the gRPC interop descriptions want a server to behave.
#pragma once

#include <grpcpp/grpcpp.h>

#include "grpc/testing/test.grpc.pb.h"

namespace interop {

/// UnimplementedCall is left to the generated base class, which answers UNIMPLEMENTED.
class TestService final : public grpc::testing::TestService::Service {
 public:
  using Empty = grpc::testing::Empty;
  using SimpleRequest = grpc::testing::SimpleRequest;
  using SimpleResponse = grpc::testing::SimpleResponse;
  using InputRequest = grpc::testing::StreamingInputCallRequest;
  using InputResponse = grpc::testing::StreamingInputCallResponse;
  using OutputRequest = grpc::testing::StreamingOutputCallRequest;
  using OutputResponse = grpc::testing::StreamingOutputCallResponse;

  grpc::Status EmptyCall(grpc::ServerContext* context, const Empty* request, Empty* response) override;
  grpc::Status UnaryCall(grpc::ServerContext* context, const SimpleRequest* request,
                         SimpleResponse* response) override;
  grpc::Status StreamingInputCall(grpc::ServerContext* context, grpc::ServerReader<InputRequest>* reader,
                                  InputResponse* response) override;
  grpc::Status StreamingOutputCall(grpc::ServerContext* context, const OutputRequest* request,
                                   grpc::ServerWriter<OutputResponse>* writer) override;
  grpc::Status FullDuplexCall(grpc::ServerContext* context,
                              grpc::ServerReaderWriter<OutputResponse, OutputRequest>* stream) override;
  grpc::Status HalfDuplexCall(grpc::ServerContext* context,
                              grpc::ServerReaderWriter<OutputResponse, OutputRequest>* stream) override;
};

}  // namespace interop
