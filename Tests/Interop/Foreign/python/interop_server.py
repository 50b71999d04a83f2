"""Serves the standard gRPC interop tests with Python's grpcio.

Usage: interop_server.py --port N [--use_tls --tls_cert_file F --tls_key_file F]
"""
import argparse
import os
import signal
import sys
import threading
import time
from concurrent import futures

import grpc
from interop_messages import AS_RECEIVED, INITIAL_KEY, SERVICE, TRAILING_KEY, flag, message, reader

CODES = {code.value[0]: code for code in grpc.StatusCode}
COMPRESSABLE = 0
CALLS_MAX = 32
GRACE_SECONDS = 5


def empty_call(request, context):
    return message("Empty")()


def unary_call(received, context):
    request = received.message
    begin(context, compressed=request.response_compressed.value)
    check_compression(received, context)
    end_if_asked(request, context)
    payload = new_payload(request.response_type, request.response_size, context)
    return message("SimpleResponse")(payload=payload)


def streaming_input_call(requests, context):
    size = 0
    for received in requests:
        check_compression(received, context)
        size += len(received.message.payload.body)
    return message("StreamingInputCallResponse")(aggregated_payload_size=size)


def streaming_output_call(received, context):
    yield from answers([received], context)


def full_duplex_call(requests, context):
    yield from answers(requests, context)


def half_duplex_call(requests, context):
    yield from answers(list(requests), context)


def answers(requests, context):
    """The responses that the requests ask for. The first request decides whether any can be compressed."""
    begun = False
    for received in requests:
        request = received.message
        if not begun:
            begin(context, compressed=any(asked.compressed.value for asked in request.response_parameters))
            begun = True
        end_if_asked(request, context)
        for asked in request.response_parameters:
            payload = new_payload(request.response_type, asked.size, context)
            time.sleep(asked.interval_us / 1e6)
            if not asked.compressed.value:
                context.disable_next_message_compression()
            yield message("StreamingOutputCallResponse")(payload=payload)
    if not begun:
        begin(context, compressed=False)


def begin(context, compressed):
    """Sends back the two headers of the tests, one as a header, one as a trailer."""
    if compressed:
        context.set_compression(grpc.Compression.Gzip)
    metadata = dict(context.invocation_metadata())
    if TRAILING_KEY in metadata:
        context.set_trailing_metadata([(TRAILING_KEY, metadata[TRAILING_KEY])])
    if INITIAL_KEY in metadata:
        context.send_initial_metadata([(INITIAL_KEY, metadata[INITIAL_KEY])])


def check_compression(received, context):
    """Ends the call if a message did not come as it says itself."""
    request = received.message
    if request.HasField("expect_compressed") and request.expect_compressed.value != received.compressed:
        context.abort(
            grpc.StatusCode.INVALID_ARGUMENT,
            f"expect_compressed is {request.expect_compressed.value}, "
            f"but whether the message was compressed: {received.compressed}")


def end_if_asked(request, context):
    asked = request.response_status
    if asked.code:
        context.abort(CODES.get(asked.code, grpc.StatusCode.UNKNOWN), asked.message)


def new_payload(kind, size, context):
    if kind != COMPRESSABLE:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"there is no payload of type {kind} here")
    if size < 0:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"a payload of {size} bytes was asked for")
    return message("Payload")(type=kind, body=bytes(size))


METHODS = {
    "EmptyCall": (grpc.unary_unary_rpc_method_handler, empty_call, "Empty"),
    "UnaryCall": (grpc.unary_unary_rpc_method_handler, unary_call, "SimpleRequest"),
    "StreamingInputCall": (
        grpc.stream_unary_rpc_method_handler, streaming_input_call, "StreamingInputCallRequest"),
    "StreamingOutputCall": (
        grpc.unary_stream_rpc_method_handler, streaming_output_call, "StreamingOutputCallRequest"),
    "FullDuplexCall": (grpc.stream_stream_rpc_method_handler, full_duplex_call, "StreamingOutputCallRequest"),
    "HalfDuplexCall": (grpc.stream_stream_rpc_method_handler, half_duplex_call, "StreamingOutputCallRequest"),
}


def handlers():
    return grpc.method_handlers_generic_handler(SERVICE.strip("/"), {
        name: handler(
            function, request_deserializer=reader(message(request)),
            response_serializer=lambda response: response.SerializeToString())
        for name, (handler, function, request) in METHODS.items()
    })


def listen(server, options):
    address = f"127.0.0.1:{options.port}"
    if not options.use_tls:
        return server.add_insecure_port(address)
    with open(options.tls_key_file, "rb") as key, open(options.tls_cert_file, "rb") as certificate:
        identity = grpc.ssl_server_credentials([(key.read(), certificate.read())])
    return server.add_secure_port(address, identity)


def arguments():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1; 0: any")
    parser.add_argument("--use_tls", type=flag, nargs="?", const=True, default=False)
    parser.add_argument("--tls_cert_file")
    parser.add_argument("--tls_key_file")
    options = parser.parse_args()
    if options.use_tls and not (options.tls_cert_file and options.tls_key_file):
        parser.error("--use_tls needs --tls_cert_file and --tls_key_file")
    return options


def main():
    options = arguments()
    asked_to_end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_end.set())
    server = grpc.server(
        futures.ThreadPoolExecutor(CALLS_MAX), handlers=[handlers()],
        options=[*AS_RECEIVED, ("grpc.so_reuseport", 0)])
    port = listen(server, options)
    server.start()
    print(f"listening on {port}", flush=True)
    asked_to_end.wait()
    server.stop(GRACE_SECONDS).wait()
    # Not sys.exit: it would wait for the threads of calls that were cut off.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
