"""What client and server share: the messages of grpc.testing, and how to see which of them came compressed."""
import argparse
import pathlib
import sys
import typing
import zlib

import grpc

sys.path.append(str(pathlib.Path(__file__).resolve().parents[3] / "Foreign"))
from muster_protos import load  # noqa: E402

message = load("/usr/share/grpc-proto", "grpc.testing")
SERVICE = "/grpc.testing.TestService/"
MISSING_SERVICE = "/grpc.testing.UnimplementedService/"
INITIAL_KEY = "x-grpc-test-echo-initial"
TRAILING_KEY = "x-grpc-test-echo-trailing-bin"
MESSAGE_SIZE_MAX = 4 << 20

# grpcio does not say whether a message came compressed, but can be made to hand it out as it came. It then shows:
# no message of Protobuf's begins as gzip does, whose 0x1f would be a field of wire type 7, which does not exist.
AS_RECEIVED = [
    ("grpc.per_message_decompression", 0),
    ("grpc.compression_enabled_algorithms_bitset", 1 << grpc.Compression.NoCompression | 1 << grpc.Compression.Gzip),
]
GZIP_MAGIC = b"\x1f\x8b"


class Received(typing.NamedTuple):
    """A message, and whether it was compressed on the wire."""
    message: typing.Any
    compressed: bool


def reader(kind):
    """The deserializer of a peer with the options AS_RECEIVED: it gives a `Received`."""
    def read(data):
        compressed = data.startswith(GZIP_MAGIC)
        return Received(kind.FromString(gunzip(data) if compressed else data), compressed)
    return read


def gunzip(data):
    stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    plain = stream.decompress(data, MESSAGE_SIZE_MAX)
    if not stream.eof:
        raise ValueError(f"cut short, or longer than {MESSAGE_SIZE_MAX} bytes")
    return plain


def flag(text):
    """The value of a boolean flag."""
    try:
        return {"true": True, "false": False}[text]
    except KeyError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither true nor false") from None
