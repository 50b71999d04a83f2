"""Runs one of the standard gRPC interop tests with Python's grpcio.

Usage: interop_client.py --server_host H --server_port N --test_case NAME
                         [--use_tls] [--ca_file F] [--server_host_override NAME]

Exits with 0 when the test passed, with 1 and one line on stderr when it did not, and with 2 when there is no such flag
or test.
"""
import argparse
import os
import queue
import sys
import threading

# What the library itself has to say would be further lines on stderr.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

import grpc  # noqa: E402
from interop_messages import (  # noqa: E402
    AS_RECEIVED, INITIAL_KEY, MISSING_SERVICE, SERVICE, TRAILING_KEY, flag, message, reader)

PATIENCE_SECONDS = 20
LARGE_REQUEST, LARGE_RESPONSE = 271828, 314159
COMPRESSABLE = 0
GZIP = grpc.Compression.Gzip
TESTS = {}


def test(function):
    TESTS[function.__name__] = function
    return function


class Server:
    """The server's calls, on a connection of their own."""

    def __init__(self, options, channel_options=(), read=lambda kind: kind.FromString):
        self.options = options
        self.channel = connect(options, channel_options)
        self.read = read
        self.empty = self.method("unary_unary", SERVICE + "EmptyCall", "Empty")
        self.unary = self.method("unary_unary", SERVICE + "UnaryCall", "SimpleResponse")
        self.input = self.method("stream_unary", SERVICE + "StreamingInputCall", "StreamingInputCallResponse")
        self.output = self.method("unary_stream", SERVICE + "StreamingOutputCall", "StreamingOutputCallResponse")
        self.duplex = self.method("stream_stream", SERVICE + "FullDuplexCall", "StreamingOutputCallResponse")
        self.missing = self.method("unary_unary", SERVICE + "UnimplementedCall", "Empty")
        self.missing_service = self.method("unary_unary", MISSING_SERVICE + "UnimplementedCall", "Empty")

    def method(self, kind, path, response):
        return getattr(self.channel, kind)(
            path, request_serializer=lambda request: request.SerializeToString(),
            response_deserializer=self.read(message(response)))

    def as_received(self):
        """The same calls, whose responses say whether they were compressed: each is a `Received`."""
        return Server(self.options, AS_RECEIVED, reader)


def connect(options, channel_options):
    """Waits for the connection: no test may pass for want of a server."""
    address = f"{options.server_host}:{options.server_port}"
    if options.use_tls:
        authorities = open(options.ca_file, "rb").read() if options.ca_file else None
        if options.server_host_override:
            channel_options = [*channel_options, ("grpc.ssl_target_name_override", options.server_host_override)]
        channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(authorities), channel_options)
    else:
        channel = grpc.insecure_channel(address, channel_options)
    states = queue.SimpleQueue()
    channel.subscribe(states.put, try_to_connect=True)
    for state in iter(states.get, grpc.ChannelConnectivity.READY):
        if state is grpc.ChannelConnectivity.TRANSIENT_FAILURE:
            fail(f"expected a server at {address}: the connection failed")
    return channel


def fail(sentence):
    print(" ".join(sentence.split()), file=sys.stderr, flush=True)
    os._exit(1)


def expect(what, found, expected):
    if found != expected:
        fail(f"{what}: expected {expected!r}, found {found!r}")


def expect_zeros(what, payload, size):
    expect(f"{what}: payload type", payload.type, COMPRESSABLE)
    expect(f"{what}: payload size", len(payload.body), size)
    if payload.body != bytes(size):
        fail(f"{what}: expected zeros in the payload, found other bytes")


def expect_error(what, code, call):
    """The error with which the call must end."""
    try:
        call()
    except grpc.RpcError as error:
        if error.code() is not code:
            fail(f"{what}: expected status {code.name}, found {error.code().name}: {error.details()}")
        return error
    fail(f"{what}: expected status {code.name}, found a response")


def expect_end(what, call):
    for response in call:
        fail(f"{what}: expected no further response, found one")
    expect(f"{what}: status", call.code(), grpc.StatusCode.OK)


def zeros(size):
    return message("Payload")(body=bytes(size))


def large_request(**fields):
    return message("SimpleRequest")(response_size=LARGE_RESPONSE, payload=zeros(LARGE_REQUEST), **fields)


def asking(payload, *sizes):
    """A request for responses of these sizes, with a payload of its own."""
    return message("StreamingOutputCallRequest")(
        response_parameters=[message("ResponseParameters")(size=size) for size in sizes], payload=zeros(payload))


def bool_value(value):
    return message("BoolValue")(value=value)


class Outbox:
    """Requests that are given while the call is going on; ends with `close`."""

    def __init__(self):
        self.queue = queue.SimpleQueue()
        self.send = self.queue.put

    def __iter__(self):
        return iter(self.queue.get, None)

    def close(self):
        self.queue.put(None)


@test
def empty_unary(server):
    expect("EmptyCall", server.empty(message("Empty")()), message("Empty")())


@test
def large_unary(server):
    expect_zeros("UnaryCall", server.unary(large_request()).payload, LARGE_RESPONSE)


@test
def client_compressed_unary(server):
    lie = large_request(expect_compressed=bool_value(True))
    expect_error(
        "UnaryCall that is not compressed but says so", grpc.StatusCode.INVALID_ARGUMENT, lambda: server.unary(lie))
    for compressed in (True, False):
        request = large_request(expect_compressed=bool_value(compressed))
        response = server.unary(request, compression=GZIP if compressed else None)
        expect_zeros(f"UnaryCall, compressed: {compressed}", response.payload, LARGE_RESPONSE)


@test
def server_compressed_unary(server):
    seeing = server.as_received()
    for compressed in (True, False):
        what = f"UnaryCall, compressed: {compressed}"
        request = large_request(response_compressed=bool_value(compressed))
        expect_zeros(what, server.unary(request).payload, LARGE_RESPONSE)
        response = seeing.unary(request)
        expect_zeros(what, response.message.payload, LARGE_RESPONSE)
        expect(f"{what}: was compressed", response.compressed, compressed)


@test
def client_streaming(server):
    requests = [message("StreamingInputCallRequest")(payload=zeros(size)) for size in (27182, 8, 1828, 45904)]
    expect("aggregated_payload_size", server.input(iter(requests)).aggregated_payload_size, 74922)


@test
def client_compressed_streaming(server):
    def request(body, compressed):
        return message("StreamingInputCallRequest")(
            payload=message("Payload")(body=body), expect_compressed=bool_value(compressed))

    expect_error(
        "a request that is not compressed but says so", grpc.StatusCode.INVALID_ARGUMENT,
        lambda: server.input(iter([request(bytes(27182), True)])))
    # grpcio has no switch for a client's single messages, but sends as they are those that gzip does not make shorter.
    # So the one that is not to be compressed has random bytes where the description has zeros.
    requests = [request(bytes(27182), True), request(os.urandom(45904), False)]
    expect("aggregated_payload_size", server.input(iter(requests), compression=GZIP).aggregated_payload_size, 73086)


@test
def server_streaming(server):
    sizes = (31415, 9, 2653, 58979)
    call = server.output(asking(0, *sizes))
    for number, size in enumerate(sizes, 1):
        expect_zeros(f"response {number}", next(call).payload, size)
    expect_end("StreamingOutputCall", call)


@test
def server_compressed_streaming(server):
    request = asking(0, 31415, 92653)
    for asked, compressed in zip(request.response_parameters, (True, False)):
        asked.compressed.value = compressed
    for calls in (server, server.as_received()):
        call = calls.output(request)
        for number, asked in enumerate(request.response_parameters, 1):
            response = next(call)
            if calls is not server:
                expect(f"response {number}: was compressed", response.compressed, asked.compressed.value)
                response = response.message
            expect_zeros(f"response {number}", response.payload, asked.size)
        expect_end("StreamingOutputCall", call)


@test
def ping_pong(server):
    requests = Outbox()
    call = server.duplex(iter(requests))
    for sends, asks in ((27182, 31415), (8, 9), (1828, 2653), (45904, 58979)):
        requests.send(asking(sends, asks))
        expect_zeros(f"the exchange of {sends} for {asks} bytes", next(call).payload, asks)
    requests.close()
    expect_end("FullDuplexCall", call)


@test
def empty_stream(server):
    expect_end("FullDuplexCall", server.duplex(iter([])))


@test
def custom_metadata(server):
    sent = [(INITIAL_KEY, "test_initial_metadata_value"), (TRAILING_KEY, b"\xab\xab\xab")]

    def expect_echo(what, call):
        echoed = [(key, value) for key, value in call.initial_metadata() if key == INITIAL_KEY]
        echoed += [(key, value) for key, value in call.trailing_metadata() if key == TRAILING_KEY]
        expect(f"{what}: the metadata sent back", echoed, sent)

    response, call = server.unary.with_call(large_request(), metadata=sent)
    expect_zeros("UnaryCall", response.payload, LARGE_RESPONSE)
    expect_echo("UnaryCall", call)

    call = server.duplex(iter([asking(LARGE_REQUEST, LARGE_RESPONSE)]), metadata=sent)
    expect_zeros("FullDuplexCall", next(call).payload, LARGE_RESPONSE)
    expect_end("FullDuplexCall", call)
    expect_echo("FullDuplexCall", call)


@test
def status_code_and_message(server):
    status = message("EchoStatus")(code=2, message="test status message")
    request = message("SimpleRequest")(response_status=status)
    error = expect_error("UnaryCall", grpc.StatusCode.UNKNOWN, lambda: server.unary(request))
    expect("UnaryCall: status message", error.details(), status.message)

    request = message("StreamingOutputCallRequest")(response_status=status)
    error = expect_error("FullDuplexCall", grpc.StatusCode.UNKNOWN, lambda: next(server.duplex(iter([request]))))
    expect("FullDuplexCall: status message", error.details(), status.message)


@test
def special_status_message(server):
    status = message("EchoStatus")(
        code=2, message="\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")
    request = message("SimpleRequest")(response_status=status)
    error = expect_error("UnaryCall", grpc.StatusCode.UNKNOWN, lambda: server.unary(request))
    expect("UnaryCall: status message", error.details(), status.message)


@test
def unimplemented_method(server):
    expect_error(
        "TestService.UnimplementedCall", grpc.StatusCode.UNIMPLEMENTED, lambda: server.missing(message("Empty")()))


@test
def unimplemented_service(server):
    expect_error(
        "UnimplementedService.UnimplementedCall", grpc.StatusCode.UNIMPLEMENTED,
        lambda: server.missing_service(message("Empty")()))


@test
def cancel_after_begin(server):
    call = server.input.future(iter(Outbox()))
    call.cancel()
    expect("StreamingInputCall: status", call.code(), grpc.StatusCode.CANCELLED)


@test
def cancel_after_first_response(server):
    requests = Outbox()
    call = server.duplex(iter(requests))
    requests.send(asking(27182, 31415))
    expect_zeros("the response", next(call).payload, 31415)
    call.cancel()
    expect_error("FullDuplexCall", grpc.StatusCode.CANCELLED, lambda: next(call))


@test
def timeout_on_sleeping_server(server):
    requests = Outbox()
    requests.send(asking(27182))
    call = server.duplex(iter(requests), timeout=0.001)
    expect_error("FullDuplexCall", grpc.StatusCode.DEADLINE_EXCEEDED, lambda: next(call))


def arguments():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--server_host", default="127.0.0.1")
    parser.add_argument("--server_port", type=int, required=True)
    parser.add_argument("--server_host_override", help="the name to expect in the server's certificate")
    parser.add_argument("--test_case", choices=TESTS, required=True)
    parser.add_argument("--use_tls", type=flag, nargs="?", const=True, default=False)
    parser.add_argument("--ca_file", help="the authorities to trust; the system's if not given")
    return parser.parse_args()


def main():
    options = arguments()
    late = f"{options.test_case}: expected to be over within {PATIENCE_SECONDS} s, found it is not"
    limit = threading.Timer(PATIENCE_SECONDS, fail, [late])
    limit.daemon = True
    limit.start()
    try:
        TESTS[options.test_case](Server(options))
    except grpc.RpcError as error:
        fail(f"{options.test_case}: expected to succeed, found {error.code().name}: {error.details()}")
    except StopIteration:
        fail(f"{options.test_case}: expected a further response, found the end of the call")
    # Not sys.exit: it would wait for threads that wait for requests.
    os._exit(0)


if __name__ == "__main__":
    main()
