#!/usr/bin/env python3
"""EmptyCall with grpcio: `grpcio_peer.py server`, or `grpcio_peer.py client PORT CALLS` against any server."""
import json
import sys
import time
from concurrent import futures

import grpc

METHOD = "/grpc.testing.TestService/EmptyCall"
WARM_UP_CALLS = 1000


class EmptyCall(grpc.GenericRpcHandler):
    def service(self, call):
        if call.method == METHOD:
            return grpc.unary_unary_rpc_method_handler(lambda request, context: b"")
        return None


def serve():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), handlers=[EmptyCall()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"listening on {port}", flush=True)
    server.wait_for_termination()


def measure(port, calls):
    """The median and the 99th percentile of calls one after the other, in microseconds."""
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        method = channel.unary_unary(METHOD)
        latencies = []
        for _ in range(WARM_UP_CALLS + calls):
            start = time.perf_counter()
            method(b"", timeout=10)
            latencies.append((time.perf_counter() - start) * 1e6)
    latencies = sorted(latencies[WARM_UP_CALLS:])
    return {
        "calls": calls, "p50_us": latencies[int((calls - 1) * 0.5)], "p99_us": latencies[int((calls - 1) * 0.99)]}


if __name__ == "__main__":
    if sys.argv[1:] == ["server"]:
        serve()
    elif len(sys.argv) == 4 and sys.argv[1] == "client":
        print(json.dumps(measure(int(sys.argv[2]), int(sys.argv[3]))))
    else:
        sys.exit(__doc__)
