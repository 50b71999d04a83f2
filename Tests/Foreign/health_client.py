"""The standard health service of a real aggregator, asked as any probe asks it.

Usage: health_client.py ADDRESS PROTOS_DIRECTORY

Exits with 0 when every service of our .proto files is served, and what is not there is answered as the standard says.
"""
import os
import sys

import grpc
from muster_protos import check, load, method, services

address, protos = sys.argv[1:]
message = load(protos, "grpc.health.v1")
Request, Response = message("HealthCheckRequest"), message("HealthCheckResponse")
SERVING, SERVICE_UNKNOWN = 1, 3
PATIENCE = 20

with grpc.insecure_channel(address) as channel:
    ask = method(channel.unary_unary, "/grpc.health.v1.Health/Check", Request, Response)
    watch = method(channel.unary_stream, "/grpc.health.v1.Health/Watch", Request, Response)
    for name in ["", *services(protos, "muster.v1")]:
        check(f"service {name!r}", ask(Request(service=name), timeout=PATIENCE).status, SERVING)
    try:
        ask(Request(service="muster.v1.NoSuchService"), timeout=PATIENCE)
        sys.exit("a service that does not exist was found")
    except grpc.RpcError as error:
        check("status", error.code(), grpc.StatusCode.NOT_FOUND)
        if not error.details():
            sys.exit("refused without a sentence")
    for name, expected in [("", SERVING), ("muster.v1.NoSuchService", SERVICE_UNKNOWN)]:
        call = watch(Request(service=name), timeout=PATIENCE)
        check(f"the first word on {name!r}", next(call).status, expected)
        call.cancel()

print("as the standard says", flush=True)
# What grpcio still has to do when the interpreter shuts down may have it wait for ever: it is waited for nothing.
os._exit(0)
