"""The test service `muster.test.Peer` on Python's grpcio, for Muster's client to talk to.

Prints `port N` when it listens. Ends when its standard input is closed.
Messages are raw bytes: no generated code on either side.
"""

import argparse
import sys
import threading
from concurrent import futures

import grpc

SERVICE = "muster.test.Peer"
released = threading.Event()
cancelled = threading.Event()
stopping = threading.Event()


def echo_metadata(context):
    """Sends every x-… pair back, as headers and, with `-trailer` before any `-bin`, as trailers."""
    pairs = [(k, v) for k, v in context.invocation_metadata() if k.startswith("x-")]
    context.send_initial_metadata(pairs)
    context.set_trailing_metadata(
        [(k[:-4] + "-trailer-bin" if k.endswith("-bin") else k + "-trailer", v) for k, v in pairs]
    )


def unary(request, context):
    echo_metadata(context)
    return request


def expand(request, context):
    """`COUNT SIZE`: that many messages of that many bytes, each starting with its number."""
    count, size = map(int, request.split())
    for number in range(count):
        yield number.to_bytes(4, "big") + bytes(max(0, size - 4))


def collect(requests, context):
    count = total = 0
    for request in requests:
        count += 1
        total += len(request)
    return b"%d %d" % (count, total)


def slow(requests, context):
    """Takes one request, then none until it is released."""
    count = 1
    next(requests)
    released.wait(300)
    for _ in requests:
        count += 1
    return b"%d" % count


def chat(requests, context):
    echo_metadata(context)
    for request in requests:
        yield request


def fail(request, context):
    """`CODE MESSAGE`: ends the call with that status, without headers."""
    code, message = request.decode().split(" ", 1)
    context.set_trailing_metadata([("x-why", "asked"), ("x-why-bin", b"\x00\xff")])
    context.abort(next(c for c in grpc.StatusCode if c.value[0] == int(code)), message)


def hang(request, context):
    """Answers nothing, and remembers that it was cancelled."""
    context.add_callback(cancelled.set)
    yield b"started"
    cancelled.wait(300)


def remaining(request, context):
    """How many milliseconds the caller gives."""
    left = context.time_remaining()
    return b"none" if left is None or left > 1e8 else b"%d" % int(left * 1000)


def make_control(server_box):
    def control(request, context):
        if request == b"release":
            released.set()
        elif request == b"was-cancelled":
            return b"yes" if cancelled.wait(10) else b"no"
        elif request == b"stop":
            # The answer leaves first; open calls may end. One that comes meanwhile waits for these seconds to pass.
            threading.Timer(0.05, lambda: (server_box[0].stop(30), stopping.set())).start()
        return b"ok"

    return control


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--certificate")
    options.add_argument("--key")
    options.add_argument("--gzip", action="store_true")
    options = options.parse_args()

    server_box = []
    server = grpc.server(
        futures.ThreadPoolExecutor(32),
        compression=grpc.Compression.Gzip if options.gzip else None,
        options=[("grpc.max_receive_message_length", 4 << 20), ("grpc.max_send_message_length", 16 << 20)],
    )
    server_box.append(server)
    handlers = {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Expand": grpc.unary_stream_rpc_method_handler(expand),
        "Collect": grpc.stream_unary_rpc_method_handler(collect),
        "Slow": grpc.stream_unary_rpc_method_handler(slow),
        "Chat": grpc.stream_stream_rpc_method_handler(chat),
        "Fail": grpc.unary_unary_rpc_method_handler(fail),
        "Hang": grpc.unary_stream_rpc_method_handler(hang),
        "Remaining": grpc.unary_unary_rpc_method_handler(remaining),
        "Control": grpc.unary_unary_rpc_method_handler(make_control(server_box)),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    if options.certificate:
        with open(options.key, "rb") as key, open(options.certificate, "rb") as certificate:
            credentials = grpc.ssl_server_credentials([(key.read(), certificate.read())])
        port = server.add_secure_port("127.0.0.1:0", credentials)
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print("port", port, flush=True)
    sys.stdin.read()
    server.stop(0).wait()


if __name__ == "__main__":
    main()
