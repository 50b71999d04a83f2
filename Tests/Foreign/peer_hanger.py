"""Opens one call of `muster.test.Peer/Hang`, says so, and waits to be killed."""

import sys

import grpc

channel = grpc.insecure_channel(sys.argv[1])
call = channel.unary_stream("/muster.test.Peer/Hang")(b"")
assert next(call) == b"started"
print("hanging", flush=True)
list(call)
