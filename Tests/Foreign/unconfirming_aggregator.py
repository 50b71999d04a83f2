"""An aggregator in another language that confirms one config and never a second.

Usage: unconfirming_aggregator.py PROTOS_DIRECTORY

Prints "PORT listening", then "second on trial" once the collector has applied the second config. Whoever started it
kills the collector then, and starts it again. Exits with 0 when the collector came back on the first config and said
so.
"""
import concurrent.futures
import hashlib
import os
import queue
import sys
import threading

import grpc
from muster_protos import check, load

message = load(sys.argv[1])
APPLIED, ROLLED_BACK = 5, 9
first = message("CollectorConfig")(schema=1, heartbeat_interval_ms=7000).SerializeToString()
second = message("CollectorConfig")(schema=1, heartbeat_interval_ms=9000).SerializeToString()
first_sha256, second_sha256 = hashlib.sha256(first).digest(), hashlib.sha256(second).digest()
# What is said to the collector down its control stream, and the epoch of its frames.
control = {}
outcome = queue.Queue()
offers = queue.Queue()


def attach(events, context):
    hello = next(events).hello
    if hello.config_status.state == ROLLED_BACK:
        check("what was tried", hello.config_status.sha256, second_sha256)
        check("what runs", hello.config_status.running_sha256, first_sha256)
        outcome.put(0)
    commands = queue.Queue()
    control.update(epoch=hello.epoch, commands=commands)
    commands.put(message("AggregatorCommand")(welcome=message("Welcome")(aggregator_version="foreign")))

    def listen():
        try:
            for event in events:
                status = event.config_status
                if event.WhichOneof("event") == "heartbeat":
                    commands.put(message("AggregatorCommand")(
                        heartbeat=message("HeartbeatReply")(id=event.heartbeat.id)))
                if event.WhichOneof("event") != "config_status" or status.state != APPLIED:
                    continue
                if status.sha256 == first_sha256:
                    commands.put(message("AggregatorCommand")(
                        config_confirm=message("ConfigConfirm")(sha256=first_sha256)))
                    offers.put(second)
                else:
                    print("second on trial", flush=True)
        except grpc.RpcError:
            pass
    threading.Thread(target=listen, daemon=True).start()
    while context.is_active():
        try:
            yield commands.get(timeout=0.1)
        except queue.Empty:
            pass


def push(frames, context):
    for frame in frames:
        control["commands"].put(message("AggregatorCommand")(
            acknowledge=message("Acknowledge")(epoch=control["epoch"], sequence=frame.sequence)))
    return message("PushSummary")()


def watch(request, context):
    offers.put(first)
    while context.is_active():
        try:
            config = offers.get(timeout=0.1)
        except queue.Empty:
            continue
        yield message("ConfigUpdate")(
            version=1 if config is first else 2, sha256=hashlib.sha256(config).digest(), config=config,
            confirm_within_ms=600_000)


def handler(kind, behaviour, request):
    return kind(behaviour, request_deserializer=message(request).FromString,
                response_serializer=lambda answer: answer.SerializeToString())


server = grpc.server(concurrent.futures.ThreadPoolExecutor(16))
server.add_generic_rpc_handlers([
    grpc.method_handlers_generic_handler("muster.v1.ControlService", {
        "Attach": handler(grpc.stream_stream_rpc_method_handler, attach, "CollectorEvent")}),
    grpc.method_handlers_generic_handler("muster.v1.MetricsService", {
        "Push": handler(grpc.stream_unary_rpc_method_handler, push, "MetricsFrame")}),
    grpc.method_handlers_generic_handler("muster.v1.ConfigService", {
        "Watch": handler(grpc.unary_stream_rpc_method_handler, watch, "WatchConfigRequest")}),
])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(f"{port} listening", flush=True)
code = outcome.get(timeout=60)
# A call that comes while the interpreter shuts down would have it wait for ever: it is waited for nothing.
os._exit(code)
