"""Muster's messages and calls, from its .proto files alone: protoc and grpcio's generic calls."""
import os
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def load(protos):
    """A function from a message's name to its class."""
    files = sorted(f"muster/v1/{name}" for name in os.listdir(f"{protos}/muster/v1") if name.endswith(".proto"))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            ["protoc", "-I", protos, "--include_imports", f"--descriptor_set_out={out.name}", *files], check=True)
        described = descriptor_pb2.FileDescriptorSet.FromString(out.read())
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    return lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"muster.v1.{name}"))


def method(kind, path, request, response):
    """A call of the channel, e.g. `method(channel.unary_unary, "/muster.v1.X/Y", Request, Response)`."""
    return kind(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")
