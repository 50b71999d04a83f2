"""What RFC 9113 forbids in a frame or two, and which error it asks for. Nothing here needs gRPC."""
from case import NOT_HTTP2, SURVIVES, Case, exchange, goaway, reset
from wire import (
    ACK, CONTINUATION, DATA, ENABLE_PUSH, END_HEADERS, END_STREAM, FRAME_BYTES, GOAWAY, HEADER_TABLE_SIZE, HEADERS,
    INITIAL_WINDOW_SIZE, LARGEST_WINDOW, MAX_FRAME_SIZE, PADDED, PING, PREFACE, PRIORITY, PUSH, PUSH_PROMISE,
    RST_STREAM, SETTINGS, WINDOW_UPDATE, WITH_PRIORITY, block, call, continuation, data, frame, headers, integer,
    message, opening, ping, priority, request, settings, window_update,
)
from wire import reset as reset_frame

PROTOCOL = goaway("PROTOCOL_ERROR")
FRAME_SIZE = goaway("FRAME_SIZE_ERROR")
FLOW_CONTROL = goaway("FLOW_CONTROL_ERROR")
COMPRESSION = goaway("COMPRESSION_ERROR")
# "An endpoint MAY choose to treat a stream error as a connection error" (5.4.2).
MALFORMED = reset(1, "PROTOCOL_ERROR") | PROTOCOL
CLOSED = reset(1, "STREAM_CLOSED") | goaway("STREAM_CLOSED")
PROPER = block(request())


def violation(name, text, expect, *frames, **options):
    text = text if text.startswith("RFC") else f"RFC 9113, {text}"
    return Case(name, text, exchange(*frames, **options), expect)


def request_of(*fields):
    """A request of exactly these fields, ended at once."""
    return headers(1, block(fields), END_HEADERS | END_STREAM)


PREFACES = [
    violation("garbage before the preface", "3.4: connection error PROTOCOL_ERROR", NOT_HTTP2,
              b"\x16\x03\x01garbage" + PREFACE + settings(), preface=False),
    violation("an HTTP/1.1 request", "3.4: connection error PROTOCOL_ERROR", NOT_HTTP2,
              b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", preface=False),
    violation("no SETTINGS after the preface", "3.4: connection error PROTOCOL_ERROR", PROTOCOL,
              PREFACE + ping(), preface=False),
]

SETTINGS_FRAMES = [
    violation("SETTINGS on a stream", "6.5: PROTOCOL_ERROR", PROTOCOL, frame(SETTINGS, stream=1)),
    violation("SETTINGS of 5 bytes", "6.5: FRAME_SIZE_ERROR", FRAME_SIZE, frame(SETTINGS, payload=bytes(5))),
    violation("SETTINGS ACK with a payload", "6.5: FRAME_SIZE_ERROR", FRAME_SIZE,
              frame(SETTINGS, ACK, payload=bytes(6))),
    violation("ENABLE_PUSH of 2", "6.5.2: PROTOCOL_ERROR", PROTOCOL, settings((ENABLE_PUSH, 2))),
    violation("INITIAL_WINDOW_SIZE of 2^31", "6.5.2: FLOW_CONTROL_ERROR", FLOW_CONTROL,
              settings((INITIAL_WINDOW_SIZE, 2**31))),
    violation("MAX_FRAME_SIZE of 16383", "6.5.2: PROTOCOL_ERROR", PROTOCOL, settings((MAX_FRAME_SIZE, 16_383))),
    violation("MAX_FRAME_SIZE of 2^24", "6.5.2: PROTOCOL_ERROR", PROTOCOL, settings((MAX_FRAME_SIZE, 2**24))),
    violation("unknown settings", "6.5.2: MUST ignore", SURVIVES, settings((0xFFFF, 1), (0, 1), (0x1234, 2**32 - 1))),
    violation("a header table of 4 GiB", "6.5.2: any value", SURVIVES, settings((HEADER_TABLE_SIZE, 2**32 - 1))),
    # nghttp2 resets the stream whose window overflowed, and the others go on; the RFC ends the connection.
    violation("a window made too large by SETTINGS", "6.9.2: FLOW_CONTROL_ERROR",
              FLOW_CONTROL | reset(1, "FLOW_CONTROL_ERROR"),
              opening(1), window_update(1, LARGEST_WINDOW - 65_535), settings((INITIAL_WINDOW_SIZE, 65_536))),
]

STREAM_IDENTIFIERS = [
    violation("DATA on stream 0", "6.1: PROTOCOL_ERROR", PROTOCOL, data(0, b"x")),
    violation("DATA before HEADERS", "5.1 idle: PROTOCOL_ERROR", PROTOCOL, data(1, b"x")),
    violation("HEADERS on stream 0", "6.2: PROTOCOL_ERROR", PROTOCOL, headers(0, PROPER)),
    violation("HEADERS on an even stream", "5.1.1: PROTOCOL_ERROR", PROTOCOL, headers(2, PROPER)),
    # nghttp2 ignores them: they may be trailers on their way to a stream that was just reset.
    violation("HEADERS on a lower stream than before", "5.1.1: PROTOCOL_ERROR", PROTOCOL | SURVIVES,
              call(5), headers(3, PROPER)),
    violation("PRIORITY of a stream on itself", "RFC 7540, 5.3.1: PROTOCOL_ERROR", MALFORMED,
              opening(1), priority(1, 1)),
    violation("a stream that opens depending on itself", "RFC 7540, 5.3.1: PROTOCOL_ERROR", MALFORMED,
              headers(1, b"\0\0\0\1\0" + PROPER, END_HEADERS | END_STREAM | WITH_PRIORITY)),
    violation("RST_STREAM on stream 0", "6.4: PROTOCOL_ERROR", PROTOCOL, reset_frame(0)),
    violation("RST_STREAM on an idle stream", "6.4: PROTOCOL_ERROR", PROTOCOL, reset_frame(1)),
    violation("WINDOW_UPDATE on an idle stream", "5.1 idle: PROTOCOL_ERROR", PROTOCOL, window_update(1, 1)),
    violation("PRIORITY on stream 0", "6.3: PROTOCOL_ERROR", PROTOCOL, priority(0, 1)),
    violation("PING on a stream", "6.7: PROTOCOL_ERROR", PROTOCOL, frame(PING, stream=1, payload=bytes(8))),
    violation("GOAWAY on a stream", "6.8: PROTOCOL_ERROR", PROTOCOL, frame(GOAWAY, stream=1, payload=bytes(8))),
    violation("PUSH_PROMISE from a client", "8.4: PROTOCOL_ERROR", PROTOCOL,
              opening(1), frame(PUSH_PROMISE, END_HEADERS, 1, b"\0\0\0\2" + PROPER)),
    violation("DATA after END_STREAM", "5.1 half-closed: STREAM_CLOSED", CLOSED,
              headers(1, PROPER, END_HEADERS), data(1, message(), END_STREAM), data(1, b"x")),
    violation("HEADERS after END_STREAM", "5.1 half-closed: STREAM_CLOSED", CLOSED,
              call(1), headers(1, PROPER, END_HEADERS | END_STREAM)),
    violation("PRIORITY on an idle stream", "5.1: allowed in any state", SURVIVES, priority(9, 0)),
    violation("unknown frame types", "4.1: MUST ignore", SURVIVES,
              *(frame(kind, 0xFF, stream, bytes(kind)) for kind in range(0x20, 0xFF) for stream in (0, 1, 2))),
]

LENGTHS = [
    violation(f"{name} of {len(payload)} bytes", f"{section}: FRAME_SIZE_ERROR", FRAME_SIZE,
              opening(1), frame(kind, 0, stream, payload))
    for name, kind, stream, payload, section in [
        ("PING", PING, 0, bytes(7), "6.7"), ("PING", PING, 0, bytes(9), "6.7"),
        ("RST_STREAM", RST_STREAM, 1, bytes(3), "6.4"), ("RST_STREAM", RST_STREAM, 1, bytes(5), "6.4"),
        ("WINDOW_UPDATE", WINDOW_UPDATE, 0, bytes(3), "6.9"), ("WINDOW_UPDATE", WINDOW_UPDATE, 1, bytes(5), "6.9"),
        ("GOAWAY", GOAWAY, 0, bytes(7), "6.8"),
    ]
] + [
    violation("PRIORITY of 4 bytes", "6.3: stream error FRAME_SIZE_ERROR", reset(1, "FRAME_SIZE_ERROR") | FRAME_SIZE,
              opening(1), frame(PRIORITY, 0, 1, bytes(4))),
    violation("a DATA frame over 16,384", "4.2: FRAME_SIZE_ERROR", reset(1, "FRAME_SIZE_ERROR") | FRAME_SIZE,
              opening(1), frame(DATA, 0, 1, bytes(FRAME_BYTES + 1))),
    violation("a HEADERS frame over 16,384", "4.2: connection error FRAME_SIZE_ERROR", FRAME_SIZE,
              frame(HEADERS, END_HEADERS, 1, bytes(FRAME_BYTES + 1))),
    violation("a frame that says 16 MiB", "4.2: connection error FRAME_SIZE_ERROR", FRAME_SIZE,
              frame(SETTINGS, length=2**24 - 1)),
    violation("HEADERS too short for its priority", "6.2: FRAME_SIZE_ERROR", FRAME_SIZE | PROTOCOL,
              frame(HEADERS, END_HEADERS | WITH_PRIORITY, 1, bytes(4))),
    violation("padding longer than DATA", "6.1: PROTOCOL_ERROR", PROTOCOL,
              opening(1), frame(DATA, PADDED, 1, b"\x08" + bytes(4))),
    violation("padding longer than HEADERS", "6.2: PROTOCOL_ERROR", PROTOCOL,
              frame(HEADERS, PADDED | END_HEADERS, 1, b"\xff" + PROPER[:20])),
    violation("padding flag without a length", "6.1: FRAME_SIZE_ERROR", FRAME_SIZE | PROTOCOL,
              opening(1), frame(DATA, PADDED, 1)),
]

WINDOWS = [
    violation("WINDOW_UPDATE of 0, connection", "6.9: PROTOCOL_ERROR", PROTOCOL, window_update(0, 0)),
    violation("WINDOW_UPDATE of 0, stream", "6.9: stream error PROTOCOL_ERROR", MALFORMED,
              opening(1), window_update(1, 0)),
    violation("window overflow, connection", "6.9.1: FLOW_CONTROL_ERROR", FLOW_CONTROL,
              window_update(0, LARGEST_WINDOW)),
    # Whoever gives the window back quickly enough never sees it overrun.
    violation("more DATA than the window", "6.9.1: FLOW_CONTROL_ERROR",
              reset(1, "FLOW_CONTROL_ERROR") | FLOW_CONTROL | SURVIVES,
              opening(1, PUSH), data(1, message(length=4 << 20)), data(1, bytes(FRAME_BYTES)) * 100),
    violation("window overflow, stream", "6.9.1: RST_STREAM FLOW_CONTROL_ERROR", reset(1, "FLOW_CONTROL_ERROR"),
              opening(1), window_update(1, LARGEST_WINDOW)),
]

HEADER_BLOCKS = [
    violation("a frame inside a header block", "6.10: PROTOCOL_ERROR", PROTOCOL, headers(1, PROPER, 0), ping()),
    violation("CONTINUATION without HEADERS", "6.10: PROTOCOL_ERROR", PROTOCOL, continuation(1, PROPER, END_HEADERS)),
    violation("CONTINUATION on another stream", "6.10: PROTOCOL_ERROR", PROTOCOL,
              headers(1, PROPER, 0), continuation(3, b"", END_HEADERS)),
    violation("CONTINUATION on stream 0", "6.10: PROTOCOL_ERROR", PROTOCOL,
              headers(1, PROPER, 0), frame(CONTINUATION, END_HEADERS, 0)),
    violation("trailers without END_STREAM", "8.1: malformed", MALFORMED,
              opening(1), headers(1, block([("x", "y")]), END_HEADERS)),
    violation("pseudo-header in trailers", "8.1: malformed", MALFORMED,
              opening(1), headers(1, block([(":path", "/")]), END_HEADERS | END_STREAM)),
    *(violation(f"HPACK: {name}", f"4.3 and RFC 7541, {section}: COMPRESSION_ERROR", COMPRESSION,
                headers(1, content, END_HEADERS | END_STREAM))
      for name, section, content in [
          ("index 0", "6.1", PROPER + b"\x80"),
          ("an index beyond the table", "2.3.3", PROPER + integer(62, 7, 0x80)),
          ("an integer without end", "5.1", PROPER + b"\xff" + b"\xff" * 20),
          ("a string longer than the block", "5.2", PROPER + b"\x00\x01a" + integer(5000, 7)),
          ("Huffman padding of 8 bits", "5.2", PROPER + b"\x00\x01a\x82\x1f\xff"),
          ("Huffman EOS", "5.2", PROPER + b"\x00\x01a\x84\xff\xff\xff\xff"),
          ("a table larger than allowed", "6.3", integer(4097, 5, 0x20) + PROPER),
          ("a table size update after a field", "4.2", PROPER + integer(0, 5, 0x20)),
      ]),
]

MALFORMED_REQUESTS = [
    violation(f"request: {name}", f"{section}: malformed, stream error PROTOCOL_ERROR", MALFORMED, request_of(*fields))
    for name, section, fields in [
        ("no :method", "8.3.1", request(without=[":method"])),
        ("no :scheme", "8.3.1", request(without=[":scheme"])),
        ("no :path", "8.3.1", request(without=[":path"])),
        ("no fields at all", "8.3.1", []),
        ("empty :path", "8.3.1", request("")),
        (":path without a slash", "8.3.1", request("x")),
        (":path twice", "8.3", [(":path", "/")] + request()),
        (":method twice", "8.3", [(":method", "POST")] + request()),
        ("unknown pseudo-header", "8.3", [(":unknown", "x")] + request()),
        (":status", "8.3", [(":status", "200")] + request()),
        ("pseudo-header after a field", "8.3", [("x", "y")] + request()),
        ("upper case name", "8.2.1", request() + [("Upper", "x")]),
        ("empty name", "8.2.1", request() + [("", "x")]),
        ("space in a name", "8.2.1", request() + [("a b", "x")]),
        ("colon in a name", "8.2.1", request() + [("a:b", "x")]),
        ("NUL in a value", "8.2.1", request() + [("a", "x\0y")]),
        ("line feed in a value", "8.2.1", request() + [("a", "x\ny: z")]),
        ("space before a value", "8.2.1", request() + [("a", " x")]),
        ("connection", "8.2.2", request() + [("connection", "close")]),
        ("keep-alive", "8.2.2", request() + [("keep-alive", "1")]),
        ("proxy-connection", "8.2.2", request() + [("proxy-connection", "close")]),
        ("transfer-encoding", "8.2.2", request() + [("transfer-encoding", "chunked")]),
        ("upgrade", "8.2.2", request() + [("upgrade", "h2c")]),
        ("te: gzip", "8.2.2", request(without=["te"]) + [("te", "gzip")]),
        ("content-length that is no number", "8.1.1", request() + [("content-length", "-1")]),
        ("two content-lengths", "8.1.1", request() + [("content-length", "0"), ("content-length", "1")]),
        ("content-length over nothing", "8.1.1", request() + [("content-length", "5")]),
    ]
] + [
    violation("request: DATA longer than content-length", "8.1.1: malformed", MALFORMED,
              headers(1, block(request() + [("content-length", "2")])), data(1, message(), END_STREAM)),
    violation("request: DATA shorter than content-length", "8.1.1: malformed", MALFORMED,
              headers(1, block(request() + [("content-length", "9")])), data(1, message(), END_STREAM)),
]

CASES = (PREFACES + SETTINGS_FRAMES + STREAM_IDENTIFIERS + LENGTHS + WINDOWS + HEADER_BLOCKS + MALFORMED_REQUESTS)
