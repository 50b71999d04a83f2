"""HTTP/2 frames (RFC 9113, 4 and 6) and header blocks (RFC 7541, 6) as bytes: right ones and, above all, wrong ones."""
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)

END_STREAM, ACK, END_HEADERS, PADDED, WITH_PRIORITY = 0x1, 0x1, 0x4, 0x8, 0x20

HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE = range(1, 6)

ERRORS = (
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
    "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
)

FRAME_HEADER_BYTES = 9
FRAME_BYTES = 16_384
LARGEST_WINDOW = 2**31 - 1
DEFAULT_WINDOW = 65_535

CHECK = "/grpc.health.v1.Health/Check"
WATCH = "/grpc.health.v1.Health/Watch"
PUSH = "/muster.v1.MetricsService/Push"
REFLECT = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"


def frame(kind, flags=0, stream=0, payload=b"", length=None):
    """`length` is what the header says, if that shall not be the payload's."""
    length = len(payload) if length is None else length
    return struct.pack(">I", length)[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def data(stream, payload=b"", flags=0):
    return frame(DATA, flags, stream, payload)


def headers(stream, block, flags=END_HEADERS):
    return frame(HEADERS, flags, stream, block)


def continuation(stream, block=b"", flags=0):
    return frame(CONTINUATION, flags, stream, block)


def reset(stream, code=8):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", code))


def window_update(stream, increment):
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))


def settings(*pairs):
    return frame(SETTINGS, payload=b"".join(struct.pack(">HI", *pair) for pair in pairs))


def settings_ack():
    return frame(SETTINGS, ACK)


def ping(payload=b"attacker", flags=0):
    return frame(PING, flags, 0, payload)


def priority(stream, depends_on, weight=0):
    return frame(PRIORITY, 0, stream, struct.pack(">IB", depends_on, weight))


def goaway(last=0, code=0):
    return frame(GOAWAY, 0, 0, struct.pack(">II", last, code))


def integer(value, prefix_bits, first=0):
    """RFC 7541, 5.1."""
    largest = (1 << prefix_bits) - 1
    if value < largest:
        return bytes([first | value])
    encoded = bytearray([first | largest])
    value -= largest
    while value >= 128:
        encoded.append(value & 127 | 128)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def literal(name, value, first=0x00):
    """A field that stays out of the dynamic table (0x40 as `first`: goes into it), without Huffman coding."""
    name, value = (text.encode() if isinstance(text, str) else text for text in (name, value))
    return bytes([first]) + integer(len(name), 7) + name + integer(len(value), 7) + value


def block(fields):
    return b"".join(literal(name, value) for name, value in fields)


def request(path=CHECK, *more, without=(), **pseudo):
    """The fields of a gRPC request. `method="GET"` replaces a pseudo-header, `without` leaves fields out."""
    fields = {":method": "POST", ":scheme": "http", ":path": path, ":authority": "localhost"}
    fields.update((f":{name}", value) for name, value in pseudo.items())
    fields |= {"content-type": "application/grpc", "te": "trailers"}
    return [(name, value) for name, value in fields.items() if name not in without] + list(more)


def message(payload=b"", flag=0, length=None):
    """A gRPC message behind its 5-byte prefix."""
    return struct.pack(">BI", flag, len(payload) if length is None else length) + payload


def opening(stream, path=CHECK, *more, **pseudo):
    """HEADERS that open a call."""
    return headers(stream, block(request(path, *more, **pseudo)))


def call(stream, path=CHECK, *more, body=message(), **pseudo):
    """A whole unary call."""
    return opening(stream, path, *more, **pseudo) + data(stream, body, END_STREAM)


def body(stream, content):
    """DATA frames of allowed size."""
    return b"".join(data(stream, content[start:start + FRAME_BYTES]) for start in range(0, len(content), FRAME_BYTES))


def error_name(code):
    return ERRORS[code] if code < len(ERRORS) else f"error {code}"
