"""Frames without end, each harmless alone: the CVEs of 2019, 2023, 2024 and 2025.

Where the server is asked to answer each frame, there is a variant in which the answers are not read: what the server
queues for such a peer must be bounded, too.
"""
import array
import itertools
import sys
import time

import limits
from case import CALM, CLOSES, SURVIVES, Case, Expectation, exchange, goaway, status
from case import reset as reset_of
from peer import Answer, Peer
from wire import (
    ACK, CHECK, DEFAULT_WINDOW, END_HEADERS, END_STREAM, FRAME_BYTES, FRAME_HEADER_BYTES, HEADER_TABLE_SIZE, HEADERS,
    INITIAL_WINDOW_SIZE, LARGEST_WINDOW, PUSH, REFLECT, block, call, continuation, data, frame, headers,
    integer, literal, message, opening, ping, priority, request, reset, settings, settings_ack, window_update,
)

UNITS_PER_CHUNK = 200
CHUNK_BYTES = 64 * limits.KIB
# Answers that nobody reads, more than the sockets' buffers take (tcp_wmem: 4 MiB): what comes after them is queued.
# `file_by_filename`: 28 bytes that are answered with 6 KB.
QUESTION = message(b"\x1a\x15muster/v1/fleet.proto")
STUFFING = window_update(0, LARGEST_WINDOW - DEFAULT_WINDOW) + b"".join(
    opening(stream, REFLECT) + data(stream, QUESTION * 300) for stream in (1, 3, 5, 7))
AFTER_STUFFING = 9
# 1,200 answers of 6 KB.
STUFFING_BYTES = limits.GROWTH * 8 * limits.MIB
PROPER = block(request())
ALLOWED_STREAMS = range(AFTER_STUFFING, AFTER_STUFFING + 2 * limits.CONCURRENT_STREAMS, 2)
STREAM_LIMIT_FILLED = b"".join(opening(stream, REFLECT) for stream in ALLOWED_STREAMS)
# nghttp2 names a flood of resets INTERNAL_ERROR.
RESETS_END_IT = goaway("ENHANCE_YOUR_CALM", "INTERNAL_ERROR")
# A peer that does not read may be closed without having seen why.
CUT_OFF = CALM | CLOSES


def same(unit):
    """The same frames again and again."""
    chunk = unit * max(1, CHUNK_BYTES // len(unit))
    return lambda: itertools.repeat(chunk)


def each_stream(unit, first=AFTER_STUFFING):
    """`unit(stream)` for one stream after the other."""
    def chunks():
        streams = itertools.count(first, 2)
        while True:
            yield b"".join(unit(next(streams)) for _ in range(UNITS_PER_CHUNK))
    return chunks


def empty_requests():
    """HEADERS without any field on one stream after the other: 9 bytes for which the server has to send 13."""
    count = CHUNK_BYTES // FRAME_HEADER_BYTES
    template = bytearray(headers(0, b"") * count)
    for first in itertools.count(ALLOWED_STREAMS.stop, 2 * count):
        streams = array.array("I", range(first, first + 2 * count, 2))
        if sys.byteorder == "little":
            streams.byteswap()
        for byte in range(4):
            template[5 + byte::FRAME_HEADER_BYTES] = streams.tobytes()[byte::4]
        yield bytes(template)


def flood(chunks, before=b"", after=b"", **behaviour):
    """An attack: sends chunks until the server closes, or for a while; then asks whether the connection works."""
    def attack(server):
        with Peer(server, settings=[(INITIAL_WINDOW_SIZE, LARGEST_WINDOW)], **behaviour) as peer:
            peer.send(before if peer.reads else STUFFING + before)
            end = time.monotonic() + limits.FLOOD_SECONDS
            for chunk in chunks():
                if time.monotonic() > end or not peer.send(chunk, max(0, end - time.monotonic())):
                    break
            peer.reads = True
            peer.send(after)
            return peer.probe()
    return attack


RAPID_RESET = [
    Case("rapid reset", "CVE-2023-44487", flood(each_stream(lambda stream: opening(stream) + reset(stream))),
         RESETS_END_IT),
    Case("rapid reset of whole calls", "CVE-2023-44487",
         flood(each_stream(lambda stream: call(stream) + reset(stream))), RESETS_END_IT),
    Case("rapid reset, answers unread", "CVE-2023-44487",
         flood(each_stream(lambda stream: opening(stream) + reset(stream)), reads=False), CUT_OFF,
         memory=STUFFING_BYTES),
]

# Ways to have the server reset a stream by itself; each leaves the connection alone.
PROVOCATIONS = {
    "window overflow": lambda stream: opening(stream) + window_update(stream, LARGEST_WINDOW),
    "trailers without END_STREAM": lambda stream: opening(stream) + headers(stream, block([("x", "y")])),
    "DATA over its content-length":
        lambda stream: opening(stream, CHECK, ("content-length", "2")) + data(stream, message()),
    "malformed requests": lambda stream: opening(stream, CHECK, ("connection", "close")),
    "empty requests": lambda stream: headers(stream, b""),
    # CVE-2019-9516.
    "fields without a name": lambda stream: headers(stream, PROPER + b"\x00\x00\x00" * 200),
}

MADE_YOU_RESET = [
    Case(f"MadeYouReset by {name}{', answers unread' * (not reads)}", "CVE-2025-8671",
         flood(each_stream(unit), reads=reads), CALM if reads else CUT_OFF, memory=STUFFING_BYTES)
    for name, unit in PROVOCATIONS.items() for reads in (True, False)
]

STREAM_LIMIT = [
    Case("streams over the limit", "RFC 9113, 5.1.2: REFUSED_STREAM",
         flood(empty_requests, before=STREAM_LIMIT_FILLED, after=b"".join(map(reset, ALLOWED_STREAMS))),
         SURVIVES | CALM),
    Case("streams over the limit, which was acknowledged", "RFC 9113, 5.1.2: REFUSED_STREAM or PROTOCOL_ERROR",
         flood(empty_requests, before=STREAM_LIMIT_FILLED, acknowledges=True), goaway("PROTOCOL_ERROR")),
    Case("streams over the limit, answers unread", "RFC 9113, 10.5: excessive load",
         flood(empty_requests, before=STREAM_LIMIT_FILLED, reads=False), CUT_OFF, memory=STUFFING_BYTES),
]

CONTINUATIONS = [
    Case(f"CONTINUATION flood, {name}", "CVE-2024-27316",
         flood(same(continuation(1, content)), before=headers(1, PROPER, 0)), expected)
    for name, content, expected in [
        ("full frames", literal("a", "x" * 4000) * 4, CALM),
        ("a byte each", b"\x00", CALM | goaway("COMPRESSION_ERROR")),
        ("empty", b"", CALM),
    ]
]

ANSWERED = [
    Case("PING flood", "CVE-2019-9512; gRFC A8: too_many_pings", flood(same(ping())), CALM),
    Case("PING flood, answers unread", "CVE-2019-9512", flood(same(ping()), reads=False), CUT_OFF,
         memory=STUFFING_BYTES),
    Case("SETTINGS flood", "CVE-2019-9515", flood(same(settings())), SURVIVES | CALM),
    Case("SETTINGS flood, answers unread", "CVE-2019-9515", flood(same(settings()), reads=False), CUT_OFF,
         memory=STUFFING_BYTES),
]

UNANSWERED = [
    Case("PING ACK flood", "RFC 9113, 6.7", flood(same(ping(flags=ACK))), SURVIVES | CALM),
    Case("SETTINGS ACK flood", "RFC 9113, 6.5.3", flood(same(settings_ack())),
         SURVIVES | CALM | goaway("PROTOCOL_ERROR")),
    Case("PRIORITY flood", "CVE-2019-9513",
         flood(each_stream(lambda stream: priority(stream, stream + 2, 255))), SURVIVES | CALM),
    Case("resource loop: priorities to and fro", "CVE-2019-9513",
         flood(same(priority(1, 3) + priority(3, 5) + priority(5, 1)), before=opening(1, REFLECT)), SURVIVES | CALM),
    Case("RST_STREAM flood on one stream", "CVE-2019-9514",
         flood(same(reset(1)), before=opening(1)), SURVIVES | RESETS_END_IT | goaway("STREAM_CLOSED")),
    Case("empty DATA flood", "CVE-2019-9518", flood(same(data(1)), before=opening(1, PUSH)), SURVIVES | CALM),
    Case("WINDOW_UPDATE flood", "RFC 9113, 10.5", flood(same(window_update(0, 1))), SURVIVES | CALM),
    Case("unknown frames flood", "RFC 9113, 4.1 and 10.5", flood(same(frame(0xF0, 0xFF, 1, bytes(8)))),
         SURVIVES | CALM),
    Case("calls of unknown methods", "gRPC: UNIMPLEMENTED each",
         flood(each_stream(lambda stream: call(stream, "/no.such.Service/Method"))), SURVIVES | CALM),
]

# An entry of the dynamic table that is as large as may be, and a byte that stands for all of it.
BIG_ENTRY = literal("a", "x" * 4000, 0x40)
REFERENCE = integer(62, 7, 0x80)


def bomb(stream):
    return headers(stream, PROPER + BIG_ENTRY + REFERENCE * 12_000, END_HEADERS | END_STREAM)


class Cost(Answer):
    """What the server had to work for something."""

    def __init__(self, seconds, count):
        super().__init__()
        self.milliseconds_each = 1000 * seconds / count

    def __str__(self):
        return f"{self.milliseconds_each:.1f} ms of CPU each"


def bombs(server):
    """As many bombs as there may be streams, and what they cost."""
    before = server.cpu_seconds()
    with Peer(server) as peer:
        peer.send(b"".join(map(bomb, ALLOWED_STREAMS)))
        peer.probe()
    return Cost(server.cpu_seconds() - before, len(ALLOWED_STREAMS))


def long_block(stream, content):
    """HEADERS and as many CONTINUATIONs as it takes."""
    parts = [content[start:start + FRAME_BYTES] for start in range(0, len(content), FRAME_BYTES)]
    frames = [frame(HEADERS, END_STREAM, stream, parts[0])] + [continuation(stream, part) for part in parts[1:]]
    return b"".join(frames) + continuation(stream, b"", END_HEADERS)


TOO_LARGE = status(1, "grpc-status 8")
# What unpacks to over four times the limit is not looked at any further.
FAR_TOO_LARGE = reset_of(1, "INTERNAL_ERROR")
HEADER_LISTS = [
    Case("HPACK bomb", "RFC 9113, 10.5.1", exchange(bomb(1), stream=1), FAR_TOO_LARGE),
    Case("100 HPACK bombs", f"16 KiB may cost {1000 * limits.BOMB_SECONDS:.0f} ms; they unpack to 48 MB", bombs,
         Expectation(f"at most {1000 * limits.BOMB_SECONDS:.0f} ms of CPU each",
                     lambda answer: answer.milliseconds_each <= 1000 * limits.BOMB_SECONDS), within=20),
    Case("HPACK bomb over 7 CONTINUATIONs", "RFC 9113, 10.5.1",
         exchange(long_block(1, PROPER + BIG_ENTRY + REFERENCE * 100_000), stream=1), FAR_TOO_LARGE | CALM),
    Case("a header list over the limit", "gRPC: RESOURCE_EXHAUSTED",
         exchange(call(1, CHECK, *[(f"k{n}", "v" * 100) for n in range(90)]), stream=1), TOO_LARGE),
    Case("a field of 20 KiB", "gRPC: RESOURCE_EXHAUSTED",
         exchange(long_block(1, PROPER + literal("a", "x" * 20_000)), stream=1), TOO_LARGE),
    Case("a field of 100 KiB", "nghttp2 decodes none over 64 KiB",
         exchange(long_block(1, PROPER + literal("a", "x" * 100_000)), stream=1),
         TOO_LARGE | goaway("COMPRESSION_ERROR")),
    Case("header table sizes to and fro", "RFC 7541, 4.2",
         flood(each_stream(lambda stream: headers(
             stream, (integer(0, 5, 0x20) + integer(4096, 5, 0x20)) * 8 + PROPER, END_HEADERS | END_STREAM))),
         SURVIVES | CALM | goaway("COMPRESSION_ERROR")),
    Case("table size updates without end", "RFC 7541, 4.2: at the beginning of a block",
         exchange(headers(1, integer(0, 5, 0x20) * 16_000 + PROPER)), SURVIVES | goaway("COMPRESSION_ERROR")),
    Case("SETTINGS of table sizes to and fro", "CVE-2019-9515",
         flood(same(settings((HEADER_TABLE_SIZE, 0), (HEADER_TABLE_SIZE, 2**32 - 1)))), SURVIVES | CALM),
]

CASES = RAPID_RESET + MADE_YOU_RESET + STREAM_LIMIT + CONTINUATIONS + ANSWERED + UNANSWERED + HEADER_LISTS
