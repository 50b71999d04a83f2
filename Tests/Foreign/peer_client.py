"""Checks a Muster server that serves `muster.test.Peer` with Python's grpcio.

Prints `ok NAME` for each check that holds. Exits with 1 and a traceback at the first that does not.
Messages are raw bytes: no generated code on either side.
"""

import argparse
import os
import sys
import threading
import time

import grpc

SERVICE = "muster.test.Peer"
MIB = 1 << 20
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


class Peer:
    def __init__(self, channel):
        self.channel = channel

    def unary(self, name):
        return self.channel.unary_unary(f"/{SERVICE}/{name}")

    def expand(self, name="Expand"):
        return self.channel.unary_stream(f"/{SERVICE}/{name}")

    def collect(self, name="Collect"):
        return self.channel.stream_unary(f"/{SERVICE}/{name}")

    def chat(self, name="Chat"):
        return self.channel.stream_stream(f"/{SERVICE}/{name}")


def fails(code, call):
    try:
        result = call()
        if not isinstance(result, bytes):
            list(result)
    except grpc.RpcError as error:
        assert error.code() == code, (error.code(), error.details())
        return error
    raise AssertionError(f"expected {code}")


@check
def four_kinds(peer):
    assert peer.unary("Unary")(b"hello") == b"hello"
    assert peer.unary("Unary")(b"") == b""
    numbers = [int.from_bytes(m[:4], "big") for m in peer.expand()(b"1000 600")]
    assert numbers == list(range(1000))
    assert list(peer.expand()(b"0 0")) == []
    assert peer.collect()(iter([b"a" * 100] * 1000)) == b"1000 100000"
    assert peer.collect()(iter([])) == b"0 0"
    said = [b"%d" % n for n in range(500)]
    assert list(peer.chat()(iter(said))) == said


@check
def metadata(peer):
    sent = [("x-text", "plain"), ("x-some-bin", b"\x00\x01\xfe\xff"), ("x-text", "twice"), ("x-empty", "")]
    response, call = peer.unary("Unary").with_call(b"m", metadata=sent)
    headers = [(k, v) for k, v in call.initial_metadata() if k.startswith("x-")]
    assert headers == sent, headers
    trailers = [(k, v) for k, v in call.trailing_metadata() if k.startswith("x-")]
    assert trailers == [
        ("x-text-trailer", "plain"),
        ("x-some-trailer-bin", b"\x00\x01\xfe\xff"),
        ("x-text-trailer", "twice"),
        ("x-empty-trailer", ""),
    ], trailers


@check
def compression(peer):
    text = b"hello " * 20000
    for asked in (grpc.Compression.Gzip, grpc.Compression.NoCompression):
        for metadata in ([], [("x-gzip", "yes")]):
            answer, call = peer.unary("Unary").with_call(text, metadata=metadata, compression=asked)
            assert answer == text
            was = dict(call.trailing_metadata()).get("x-was-compressed")
            assert (was == "yes") == (asked == grpc.Compression.Gzip), (was, asked)
    bomb = bytes(64 * MIB)
    fails(grpc.StatusCode.RESOURCE_EXHAUSTED,
          lambda: peer.unary("Unary")(bomb, compression=grpc.Compression.Gzip))
    fails(grpc.StatusCode.UNIMPLEMENTED,
          lambda: peer.unary("Unary")(text, compression=grpc.Compression.Deflate))


@check
def failure(peer):
    error = fails(grpc.StatusCode.NOT_FOUND, lambda: peer.unary("Fail")("5 kein Gerät: 100% 日本\n".encode()))
    assert error.details() == "kein Gerät: 100% 日本\n", error.details()
    trailers = dict(error.trailing_metadata())
    assert trailers["x-why"] == "asked" and trailers["x-why-bin"] == b"\x00\xff", trailers
    for code in grpc.StatusCode:
        if code.value[0] != 0:
            error = fails(code, lambda: peer.unary("Fail")(b"%d said" % code.value[0]))
            assert error.details() == "said"


@check
def unimplemented(peer):
    error = fails(grpc.StatusCode.UNIMPLEMENTED, lambda: peer.unary("Nothing")(b""))
    assert "Nothing" in error.details(), error.details()
    fails(grpc.StatusCode.UNIMPLEMENTED, lambda: peer.channel.unary_unary("/no.Service/No")(b""))


def next_end(peer, earlier):
    """How the next call of Hang ended at the server, which hears of it in its own time."""
    while (ends := peer.unary("Control")(b"ends").split()) == earlier:
        pass
    return ends[-1]


@check
def deadline(peer):
    earlier = peer.unary("Control")(b"ends").split()
    began = time.monotonic()
    fails(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: peer.expand("Hang")(b"", timeout=0.3))
    assert 0.25 < time.monotonic() - began < 3
    assert next_end(peer, earlier) in (b"deadlineExceeded", b"cancelled")
    left = int(peer.unary("Remaining")(b"", timeout=20))
    # grpcio rounds timeouts up.
    assert 15000 < left <= 21000, left
    assert peer.unary("Remaining")(b"") == b"none"


@check
def cancellation(peer):
    earlier = peer.unary("Control")(b"ends").split()
    call = peer.expand("Hang")(b"")
    assert next(call) == b"started"
    call.cancel()
    fails(grpc.StatusCode.CANCELLED, lambda: call)
    assert next_end(peer, earlier) == b"cancelled"


@check
def limits(peer):
    big = bytes(3 * MIB)
    assert peer.unary("Unary")(big) == big
    error = fails(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: peer.unary("Unary")(bytes(5 * MIB)))
    assert error.details(), "a sentence that says which limit"
    assert peer.unary("Unary")(b"still here") == b"still here"
    assert sum(map(len, peer.expand()(b"20 1000000"))) == 20000000
    assert peer.collect()(iter([big] * 8)) == b"8 %d" % (8 * len(big))


@check
def many_at_once(peer):
    calls = [peer.unary("Unary").future(b"%d" % n) for n in range(1000)]
    assert [c.result() for c in calls] == [b"%d" % n for n in range(1000)]


@check
def back_pressure(peer):
    progress = peer.unary("Control")
    start = int(progress(b"expanded"))
    stream = peer.expand()(b"4096 16384")
    assert int.from_bytes(next(stream)[:4], "big") == 0
    before = -1
    while True:
        # The server's sender must come to a halt by itself.
        for _ in range(20):
            sent = int(progress(b"expanded")) - start
        if sent == before:
            break
        before = sent
    assert 0 < sent < 512, f"{sent} of 4096 messages were sent to a reader that took one"
    assert sum(1 for _ in stream) == 4095


@check
def slow_server(peer):
    sent = 0

    def requests():
        nonlocal sent
        for _ in range(4096):
            sent += 1
            yield bytes(16384)

    result = peer.collect("Slow").future(requests())
    control = peer.unary("Control")
    before = -1
    while sent == 0 or sent != before:
        before = sent
        for _ in range(50):
            control(b"nothing")
    assert sent < 2048, f"{sent} of 4096 messages were taken by a server that reads one"
    control(b"release")
    assert result.result(60) == b"4096"


@check
def drain(peer):
    """Last: after it the server takes no connections."""
    says = [threading.Event() for _ in range(3)]

    def requests():
        for number, event in enumerate(says):
            assert event.wait(300)
            yield b"%d" % number

    call = peer.chat()(requests())
    says[0].set()
    assert next(call) == b"0"
    assert peer.unary("Control")(b"drain") == b"ok"
    while True:
        # Until the GOAWAY is here, new calls may still be served.
        try:
            peer.unary("Unary")(b"new", timeout=5)
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.UNAVAILABLE, error
            break
    says[1].set()
    assert next(call) == b"1"
    says[2].set()
    assert list(call) == [b"2"]
    assert call.code() == grpc.StatusCode.OK


def main():
    options = argparse.ArgumentParser()
    options.add_argument("target")
    options.add_argument("--ca")
    options = options.parse_args()
    limit = [
        ("grpc.max_receive_message_length", 16 * MIB),
        ("grpc.enable_retries", 0),
        # Without it grpcio's window grows to tens of MiB, and back-pressure has nothing to bite on.
        ("grpc.http2.bdp_probe", 0),
    ]
    if options.ca:
        with open(options.ca, "rb") as file:
            credentials = grpc.ssl_channel_credentials(file.read())
        channel = grpc.secure_channel(options.target, credentials, options=limit)
    else:
        channel = grpc.insecure_channel(options.target, options=limit)
    peer = Peer(channel)
    for function in CHECKS:
        function(peer)
        print("ok", function.__name__, flush=True)
    channel.close()
    sys.stdout.flush()
    # What grpcio still has to do when the interpreter shuts down may have it wait for ever: it is waited for nothing.
    os._exit(0)


if __name__ == "__main__":
    main()
