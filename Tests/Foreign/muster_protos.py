"""Muster's messages and calls, from its .proto files alone: protoc and grpcio's generic calls."""
import os
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def described(protos, package):
    """The descriptors of a package's .proto files, and of what they import."""
    folder = package.replace(".", "/")
    files = sorted(f"{folder}/{name}" for name in os.listdir(f"{protos}/{folder}") if name.endswith(".proto"))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            ["protoc", "-I", protos, "--include_imports", f"--descriptor_set_out={out.name}", *files], check=True)
        return descriptor_pb2.FileDescriptorSet.FromString(out.read())


def load(protos, package="muster.v1"):
    """A function from a message's name to its class."""
    pool = descriptor_pool.DescriptorPool()
    for file in described(protos, package).file:
        pool.Add(file)
    return lambda name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.{name}"))


def services(protos, package):
    """The full names of a package's services."""
    return [
        f"{package}.{service.name}"
        for file in described(protos, package).file if file.package == package
        for service in file.service
    ]


def method(kind, path, request, response):
    """A call of the channel, e.g. `method(channel.unary_unary, "/muster.v1.X/Y", Request, Response)`."""
    return kind(path, request_serializer=request.SerializeToString, response_deserializer=response.FromString)


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")
