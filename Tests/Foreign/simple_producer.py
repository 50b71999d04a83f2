"""A producer and reader in another language, against a real aggregator: the example of docs/PROTOCOL.md.

Usage: simple_producer.py ADDRESS PROTOS_DIRECTORY

Knows Muster by its .proto files alone, through protoc and grpcio's generic calls. Exits with 0 when
everything was as the protocol says.
"""
import os
import sys
import time

import grpc
from muster_protos import check, load, method

address, protos = sys.argv[1:]
message = load(protos)
MetricsFrame, PushSummary = message("MetricsFrame"), message("PushSummary")
StreamOpening, SeriesDescriptor, Label = message("StreamOpening"), message("SeriesDescriptor"), message("Label")
GAUGE, DOUBLE = 2, 1
HOST = "0123456789abcdef0123456789abcdef"


def now_us():
    return time.time_ns() // 1000


def boottime_us():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


def frame(sequence, **fields):
    return MetricsFrame(sequence=sequence, wall_time_us=now_us(), monotonic_time_us=boottime_us(), **fields)


def opening_frame(sequence, temperature):
    return frame(
        sequence,
        opening=StreamOpening(host_id=HOST, epoch=7, instance="oven-1", labels=[Label(name="env", value="kitchen")]),
        new_series=[
            SeriesDescriptor(name="oven_temperature_celsius", kind=GAUGE, type=DOUBLE),
            SeriesDescriptor(name="oven_door_open", kind=GAUGE, type=DOUBLE),
        ],
        double_indexes=[0, 1], doubles=[temperature, 0])


with grpc.insecure_channel(address) as channel:
    push = method(channel.stream_unary, "/muster.v1.MetricsService/Push", MetricsFrame, PushSummary)
    summary = push(iter([opening_frame(1, 180.5), frame(2, double_indexes=[0], doubles=[181.25])]), timeout=20)
    check("frames", (summary.frames, summary.duplicates, summary.sequence), (2, 0, 2))

    # After a reconnect: a frame that was there already, and a new one, on a new dictionary.
    summary = push(iter([opening_frame(2, 181.25), frame(3, double_indexes=[0], doubles=[190])]), timeout=20)
    check("frames after a reconnect", (summary.frames, summary.duplicates, summary.sequence), (2, 1, 3))

    list_hosts = method(
        channel.unary_unary, "/muster.v1.FleetService/ListHosts", message("ListHostsRequest"),
        message("ListHostsResponse"))
    hosts = list_hosts(message("ListHostsRequest")(selector="env=kitchen"), timeout=20).hosts
    check("hosts", [(h.instance, h.frames, h.duplicate_frames, h.missing_frames) for h in hosts], [("oven-1", 3, 1, 0)])

    latest = method(
        channel.unary_stream, "/muster.v1.FleetService/Latest", message("LatestRequest"), message("HostSamples"))
    samples = [
        (sample.name, sample.value)
        for host in latest(message("LatestRequest")(selector="instance=oven-1", pattern="oven_*"), timeout=20)
        for sample in host.samples
    ]
    check("latest", sorted(samples), [("oven_door_open", 0.0), ("oven_temperature_celsius", 190.0)])

    tail = method(channel.unary_stream, "/muster.v1.FleetService/Tail", message("TailRequest"), message("TailUpdate"))
    request = message("TailRequest")(selector="instance=oven-1", pattern="oven_temperature_*", history_ms=60_000)
    values = []
    updates = tail(request, timeout=20)
    for update in updates:
        values += [value for one in update.frames for value in one.values]
        if len(values) >= 3:
            break
    updates.cancel()
    check("tail", values, [180.5, 181.25, 190.0])

    # What is wrong is answered with a status and a sentence, and costs nobody else anything.
    for bad, code in [
        (frame(1), grpc.StatusCode.INVALID_ARGUMENT),
        (frame(4, opening=StreamOpening(host_id=HOST, epoch=7, instance="oven-1"), double_indexes=[9], doubles=[1]),
         grpc.StatusCode.INVALID_ARGUMENT),
    ]:
        try:
            push(iter([bad]), timeout=20)
            sys.exit(f"accepted: {bad}")
        except grpc.RpcError as error:
            check("status", error.code(), code)
            if not error.details():
                sys.exit("refused without a sentence")
    try:
        list_hosts(message("ListHostsRequest")(selector="=x"), timeout=20)
        sys.exit("a selector that cannot be read was accepted")
    except grpc.RpcError as error:
        check("status", error.code(), grpc.StatusCode.INVALID_ARGUMENT)

print("as the protocol says", flush=True)
# What grpcio still has to do when the interpreter shuts down may have it wait for ever: it is waited for nothing.
os._exit(0)
