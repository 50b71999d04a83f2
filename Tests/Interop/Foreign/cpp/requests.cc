#include "requests.h"

#include <string>

namespace interop {

grpc::testing::Payload Zeros(int bytes) {
  grpc::testing::Payload payload;
  payload.set_body(std::string(bytes, '\0'));
  return payload;
}

grpc::testing::SimpleRequest LargeRequest() {
  grpc::testing::SimpleRequest request;
  request.set_response_size(kLargeResponseBytes);
  *request.mutable_payload() = Zeros(kLargeRequestBytes);
  return request;
}

grpc::testing::StreamingOutputCallRequest Exchange(int request_bytes, int response_bytes) {
  grpc::testing::StreamingOutputCallRequest request;
  request.add_response_parameters()->set_size(response_bytes);
  *request.mutable_payload() = Zeros(request_bytes);
  return request;
}

}  // namespace interop
