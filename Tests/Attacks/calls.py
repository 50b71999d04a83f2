"""What is good HTTP/2 and bad gRPC (PROTOCOL-HTTP2.md): the call ends with a status, the connection goes on."""
import gzip

import limits
from case import CALM, SURVIVES, Case, exchange, status
from floods import flood, same
from wire import (
    CHECK, END_HEADERS, END_STREAM, PUSH, block, body, call, data, headers, message, opening, request,
)

OK, CANCELLED, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = (
    f"grpc-status {code}" for code in (0, 1, 3, 8, 12, 13))
GZIP = ("grpc-encoding", "gzip")

# Of a message's size, what it may take when it is unpacked (PROTOCOL.md).
UNPACKED_TIMES = 48
# 4 MiB in which every other byte begins a field: `MetricsFrame.new_series`, empty; or one that nobody knows.
SMALL_FIELDS = {"empty submessages": b"\x2a\x00", "unknown fields": b"\x7a\x00"}


def long_call(stream, path, content, *more):
    """A call whose message takes many frames."""
    return opening(stream, path, *more) + body(stream, content) + data(stream, b"", END_STREAM)


def bad_call(name, text, wanted, *frames, **options):
    return Case(name, text, exchange(*frames, stream=1, acknowledges=True), status(1, wanted), **options)


REQUESTS = [
    bad_call("GET", "PROTOCOL-HTTP2: Method → POST", ":status 405",
             headers(1, block(request(method="GET")), END_HEADERS | END_STREAM)),
    bad_call("content-type text/plain", "PROTOCOL-HTTP2: HTTP status 415", ":status 415",
             headers(1, block(request(without=["content-type"]) + [("content-type", "text/plain")])),
             data(1, message(), END_STREAM)),
    bad_call("content-type application/grpcx", "PROTOCOL-HTTP2: HTTP status 415", ":status 415",
             headers(1, block(request(without=["content-type"]) + [("content-type", "application/grpcx")])),
             data(1, message(), END_STREAM)),
    bad_call("unknown method", "UNIMPLEMENTED", UNIMPLEMENTED, call(1, "/grpc.health.v1.Health/No")),
    bad_call("a long unknown method", "UNIMPLEMENTED", UNIMPLEMENTED, call(1, "/" + "x" * 4000)),
    bad_call("grpc-encoding: snappy", "compression.md: UNIMPLEMENTED", UNIMPLEMENTED,
             call(1, CHECK, ("grpc-encoding", "snappy"))),
    bad_call("bad base64 in -bin metadata", "PROTOCOL-HTTP2: binary values; nobody reads them here", OK,
             call(1, CHECK, ("x-bin", "!!!"), ("y-bin", "A"))),
    *(bad_call(f"grpc-timeout {value!r}", "PROTOCOL-HTTP2: 8 digits and a unit", INTERNAL,
               call(1, CHECK, ("grpc-timeout", value)))
      for value in ("", "S", "5", "123456789S", "-1S", "1x", "1.5S")),
    bad_call("grpc-timeout of 11,000 years", "PROTOCOL-HTTP2: 8 digits and a unit", OK,
             call(1, CHECK, ("grpc-timeout", "99999999H"))),
]

MESSAGES = [
    bad_call("a message of 4 GiB", "RESOURCE_EXHAUSTED over the limit", RESOURCE_EXHAUSTED,
             opening(1), data(1, message(length=2**32 - 1))),
    bad_call("a message a byte over the limit", "RESOURCE_EXHAUSTED over the limit", RESOURCE_EXHAUSTED,
             opening(1), data(1, message(length=limits.MESSAGE_BYTES + 1))),
    bad_call("the flag of a message is 2", "PROTOCOL-HTTP2: 0 or 1", INTERNAL, call(1, body=message(flag=2))),
    bad_call("a compressed message without grpc-encoding", "compression.md: INTERNAL", INTERNAL,
             call(1, body=message(gzip.compress(b""), flag=1))),
    bad_call("half a prefix", "INTERNAL", INTERNAL, call(1, body=b"\0\0\0")),
    bad_call("half a message", "INTERNAL", INTERNAL, call(1, body=message(b"x", length=9))),
    bad_call("gzip that is none", "compression.md: INTERNAL", INTERNAL,
             call(1, CHECK, GZIP, body=message(b"x" * 50, 1))),
    bad_call("gzip cut short", "compression.md: INTERNAL", INTERNAL,
             call(1, CHECK, GZIP, body=message(gzip.compress(bytes(1000))[:-9], 1))),
    bad_call("a gzip bomb of 1 GiB", "RESOURCE_EXHAUSTED; 4 MiB are unpacked at most", RESOURCE_EXHAUSTED,
             long_call(1, CHECK, message(gzip.compress(bytes(1 << 30), 9), 1), GZIP),
             memory=2 * limits.MESSAGE_BYTES),
    bad_call("no message in a unary call", "statuscodes.md: cardinality", UNIMPLEMENTED, call(1, body=b"")),
    bad_call("two messages in a unary call", "statuscodes.md: cardinality", UNIMPLEMENTED, call(1, body=message() * 2)),
    bad_call("no protobuf", "INVALID_ARGUMENT", INVALID_ARGUMENT, call(1, body=message(b"\xff\xff\xff"))),
    *(Case(f"2 million {name}", "PROTOCOL.md: 48 times the message's size in memory",
           exchange(long_call(1, PUSH, message(field * (limits.MESSAGE_BYTES // 2))), stream=1, acknowledges=True),
           status(1, RESOURCE_EXHAUSTED) | status(1, INVALID_ARGUMENT),
           memory=(UNPACKED_TIMES + 3) * limits.MESSAGE_BYTES)
      for name, field in SMALL_FIELDS.items()),
    Case("empty messages without end", "CVE-2019-9518 in gRPC's frames: 5 bytes each",
         flood(same(data(1, message() * 3000)), before=opening(1)),
         SURVIVES | CALM),
]

CASES = REQUESTS + MESSAGES
