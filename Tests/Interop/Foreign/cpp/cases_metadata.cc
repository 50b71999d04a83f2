#include <map>
#include <string>

#include "cases.h"
#include "expect.h"
#include "requests.h"

namespace interop {
namespace {

using ReceivedMetadata = std::multimap<grpc::string_ref, grpc::string_ref>;

const std::string kInitialKey = "x-grpc-test-echo-initial";
const std::string kInitialValue = "test_initial_metadata_value";
const std::string kTrailingKey = "x-grpc-test-echo-trailing-bin";
const std::string kTrailingValue = "\xab\xab\xab";

void AddMetadata(grpc::ClientContext& context) {
  context.AddMetadata(kInitialKey, kInitialValue);
  context.AddMetadata(kTrailingKey, kTrailingValue);
}

void ExpectEntry(const std::string& what, const std::string& key, const std::string& value,
                 const ReceivedMetadata& metadata) {
  const std::string name = what + ": " + key;
  ExpectEqual(name + ": entries", 1, static_cast<int>(metadata.count(key)));
  const grpc::string_ref received = metadata.find(key)->second;
  if (received != value) Fail(name, Quoted(value), Quoted({received.data(), received.size()}));
}

/// `context` is that of a call that has ended.
void ExpectEchoedMetadata(const std::string& what, const grpc::ClientContext& context) {
  ExpectEntry(what + ": initial metadata", kInitialKey, kInitialValue, context.GetServerInitialMetadata());
  ExpectEntry(what + ": trailing metadata", kTrailingKey, kTrailingValue,
              context.GetServerTrailingMetadata());
}

void UnaryMetadata(const Session& session) {
  CallContext context(session);
  AddMetadata(context);
  grpc::testing::SimpleResponse response;
  ExpectOk("UnaryCall", session.service->UnaryCall(&context, LargeRequest(), &response));
  ExpectZeros("UnaryCall", kLargeResponseBytes, response.payload());
  ExpectEchoedMetadata("UnaryCall", context);
}

void FullDuplexMetadata(const Session& session) {
  CallContext context(session);
  AddMetadata(context);
  const auto stream = session.service->FullDuplexCall(&context);
  Send(*stream, Exchange(kLargeRequestBytes, kLargeResponseBytes));
  stream->WritesDone();
  ExpectZeros("FullDuplexCall", kLargeResponseBytes, Receive(*stream).payload());
  ExpectNoMessage(*stream);
  ExpectOk("FullDuplexCall", stream->Finish());
  ExpectEchoedMetadata("FullDuplexCall", context);
}

}  // namespace

void CustomMetadata(const Session& session) {
  UnaryMetadata(session);
  FullDuplexMetadata(session);
}

}  // namespace interop
