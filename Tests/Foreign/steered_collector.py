"""A collector and an operator in another language, against a real aggregator.

Usage: steered_collector.py ADDRESS PROTOS_DIRECTORY

Knows Muster by its .proto files alone. Exits with 0 when everything was as docs/PROTOCOL.md says.
"""
import hashlib
import os
import queue
import sys
import threading
import time

import grpc
from muster_protos import check, load, method

address, protos = sys.argv[1:]
message = load(protos)
PATIENCE = 30
# A collector counts its output before it is packed: so much more than the limit is no flood yet.
SLACK = 64 * 1024
OK, FAILED, REFUSED = 1, 2, 3
RECEIVED, APPLIED, STATE_REFUSED = 2, 5, 8
ROLLED_BACK, COMPLETED = 5, 6


def now_us():
    return time.time_ns() // 1000


class Collector:
    """Attach, Push and Watch on one connection, as docs/PROTOCOL.md asks of a collector."""

    def __init__(self, instance, host_id):
        self.instance, self.host_id, self.epoch = instance, host_id, 1
        self.channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.events, self.frames, self.heard, self.offers = (queue.Queue() for _ in range(4))
        self.sequence = self.frame_sequence = 0
        self.config = b""
        attach = method(
            self.channel.stream_stream, "/muster.v1.ControlService/Attach", message("CollectorEvent"),
            message("AggregatorCommand"))
        self.attach = attach(iter(self.events.get, None))
        self.listen(self.attach, self.heard)
        self.say(hello=message("Hello")(
            host_id=host_id, epoch=1, instance=instance, interval_ms=200, wall_time_us=now_us(),
            collector_version="foreign", labels=[message("Label")(name="role", value="foreign")],
            capabilities=["ping", "top-processes", "config"]))
        check("the answer to Hello", self.hear().WhichOneof("command"), "welcome")
        push = method(
            self.channel.stream_unary, "/muster.v1.MetricsService/Push", message("MetricsFrame"), message("PushSummary"))
        self.push = push.future(iter(self.frames.get, None))
        self.frame()
        watch = method(
            self.channel.unary_stream, "/muster.v1.ConfigService/Watch", message("WatchConfigRequest"),
            message("ConfigUpdate"))
        self.watch = watch(message("WatchConfigRequest")(host_id=host_id, epoch=1, schema=1))
        self.listen(self.watch, self.offers)

    def listen(self, call, heard):
        def run():
            try:
                for one in call:
                    heard.put(one)
            except grpc.RpcError as error:
                heard.put(error)
        threading.Thread(target=run, daemon=True).start()

    def say(self, skip=0, **event):
        self.sequence += 1 + skip
        self.events.put(message("CollectorEvent")(sequence=self.sequence, **event))

    def hear(self, *wanted):
        """The next command, or the next of the wanted kinds; acknowledgements are passed over."""
        while True:
            command = self.heard.get(timeout=PATIENCE)
            if isinstance(command, grpc.RpcError):
                raise command
            kind = command.WhichOneof("command")
            if kind in wanted or not wanted and kind != "acknowledge":
                return command

    def frame(self):
        self.frame_sequence += 1
        fields = {}
        if self.frame_sequence == 1:
            fields = dict(
                opening=message("StreamOpening")(host_id=self.host_id, epoch=1, instance=self.instance),
                new_series=[message("SeriesDescriptor")(name="oven_door_open", kind=2, type=1)])
        self.frames.put(message("MetricsFrame")(
            sequence=self.frame_sequence, wall_time_us=now_us(), monotonic_time_us=time.monotonic_ns() // 1000,
            double_indexes=[0], doubles=[1], config_sha256=self.config, **fields))

    def status(self, update, state, **fields):
        self.say(config_status=message("ConfigStatus")(
            sha256=update.sha256, version=update.version, state=state, running_sha256=self.config, **fields))

    def close(self):
        self.events.put(None)
        self.frames.put(None)
        self.channel.close()


class Operator:
    def __init__(self):
        self.channel = grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])

    def unary(self, service, name, request, response):
        call = method(self.channel.unary_unary, f"/muster.v1.{service}/{name}", type(request), message(response))
        return call(request, timeout=PATIENCE)

    def stream(self, service, name, request, response):
        call = method(self.channel.unary_stream, f"/muster.v1.{service}/{name}", type(request), message(response))
        return call(request, timeout=PATIENCE)

    def run(self, selector, **fields):
        action = message("Action")(ping=message("PingAction")())
        request = message("RunCommandRequest")(selector=selector, action=action, author="python", **fields)
        return self.stream("FleetService", "RunCommand", request, "RunUpdate")

    def push(self, yaml, selector, **fields):
        plan = message("RolloutPlan")(waves=["100%"], no_soak=True)
        request = message("PushConfigRequest")(selector=selector, yaml=yaml, author="python", plan=plan, **fields)
        return self.unary("RolloutService", "Push", request, "Rollout")

    def end_of(self, rollout):
        last = None
        for last in self.stream(
                "RolloutService", "WatchRollout", message("WatchRolloutRequest")(id=rollout.id), "Rollout"):
            pass
        return last

    def refused(self, what, code, call):
        try:
            answer = call()
            if not hasattr(answer, "DESCRIPTOR"):
                list(answer)
            sys.exit(f"{what}: accepted")
        except grpc.RpcError as error:
            check(what, error.code(), code)
            if not error.details():
                sys.exit(f"{what}: refused without a sentence")


def results(updates):
    return [(u.instance, u.result.outcome) for u in updates if u.HasField("result")]


def commands_are_carried_out(collector, operator):
    updates = operator.run("instance=oven-1", message="from another language")
    command = collector.hear("run").run
    check("the action", command.action.WhichOneof("action"), "ping")
    collector.say(output=message("CommandOutput")(id=command.id, part=0, text="pong"))
    collector.say(result=message("CommandResult")(id=command.id, outcome=OK, duration_us=5, parts=1))
    updates = list(updates)
    check("output", [u.output.text for u in updates if u.HasField("output")], ["pong"])
    check("results", results(updates), [("oven-1", OK)])
    check("progress", (updates[-1].progress.done, updates[-1].progress.ok), (1, 1))


def an_output_flood_is_cut(collector, operator):
    updates = operator.run("instance=oven-1", output_limit_bytes=4096)
    command = collector.hear("run").run
    for part in range(120):
        collector.say(output=message("CommandOutput")(id=command.id, part=part, text="x" * 1000))
    check("cancelled", collector.hear("cancel").cancel.id, command.id)
    updates = list(updates)
    check("results", results(updates), [("oven-1", FAILED)])
    size = sum(len(u.output.text) for u in updates)
    if size > 4096 + SLACK:
        sys.exit(f"{size} bytes of output passed a limit of 4096")


def a_cancelled_call_reaches_the_host(collector, operator):
    updates = operator.run("instance=oven-1")
    command = collector.hear("run").run
    updates.cancel()
    check("cancelled", collector.hear("cancel").cancel.id, command.id)


def a_gap_is_asked_for(collector):
    collector.say(skip=2, heartbeat=message("Heartbeat")(id=1, wall_time_us=now_us(), interval_ms=200))
    collector.hear("report_all")
    collector.say(hello=message("Hello")(
        host_id=collector.host_id, epoch=1, instance="oven-1", interval_ms=300, wall_time_us=now_us(),
        labels=[message("Label")(name="role", value="foreign")], capabilities=["ping", "config"]))


def a_config_is_verified(collector, operator):
    rollout = operator.push("interval: 2s\n", "instance=oven-1", message="slower")
    update = collector.offers.get(timeout=PATIENCE)
    check("sha256", update.sha256, hashlib.sha256(update.config).digest())
    check("interval", message("CollectorConfig").FromString(update.config).interval_ms, 2000)
    collector.status(update, RECEIVED)
    collector.config = update.sha256
    collector.status(update, APPLIED)
    collector.frame()
    check("confirmed", collector.hear("config_confirm").config_confirm.sha256, update.sha256)
    ended = operator.end_of(rollout)
    check("the rollout", ended.state, COMPLETED)
    return ended.version


def a_refused_config_goes_back(collector, operator, good):
    rollout = operator.push("interval: 100ms\n", "instance=oven-1")
    update = collector.offers.get(timeout=PATIENCE)
    collector.status(update, STATE_REFUSED, reason="an oven is slow", problems=[
        message("ConfigProblem")(key="interval", message="an oven is slow")])
    ended = operator.end_of(rollout)
    check("the rollout", ended.state, ROLLED_BACK)
    explained = operator.unary(
        "RolloutService", "ExplainConfig", message("ExplainConfigRequest")(host="oven-1"), "ExplainConfigResponse")
    check("what is meant", explained.version, good)
    check("values", [(v.key, v.value) for v in explained.values], [("interval", "2s")])
    operator.refused(
        "a quarantined config", grpc.StatusCode.FAILED_PRECONDITION,
        lambda: operator.push("interval: 100ms\n", "instance=oven-1"))
    check("offers", collector.offers.qsize(), 0)


def bad_input_is_answered(operator):
    code = grpc.StatusCode
    run, push = operator.run, operator.push
    operator.refused("an unknown host", code.NOT_FOUND, lambda: run("instance=nobody"))
    operator.refused("a malformed selector", code.INVALID_ARGUMENT, lambda: run("=x"))
    operator.refused("a command too late", code.FAILED_PRECONDITION, lambda: run("instance=oven-1", expires_us=1))
    operator.refused("a config for nobody", code.FAILED_PRECONDITION, lambda: push("interval: 1s\n", "role=none"))
    operator.refused("a config of 10 MB", code.RESOURCE_EXHAUSTED, lambda: push("#" * 10_000_000, "role=foreign"))
    operator.refused("a newer schema", code.INVALID_ARGUMENT, lambda: push("schema: 99\n", "role=foreign"))
    operator.refused("an unknown key", code.INVALID_ARGUMENT, lambda: push("intervall: 1s\n", "role=foreign"))


def the_audit_names_all(operator):
    entries = list(operator.stream(
        "FleetService", "ListAudit", message("ListAuditRequest")(author="python"), "AuditEntry"))
    check("in the audit", {"run.ping", "config.push"} <= {entry.action for entry in entries}, True)
    pings = [entry for entry in entries if entry.action == "run.ping" and entry.message]
    check("the first ping", [(e.message, e.outcome, e.host[0].instance) for e in pings],
          [("from another language", "ok", "oven-1")])


collector = Collector("oven-1", "0123456789abcdef0123456789abcdef")
operator = Operator()
commands_are_carried_out(collector, operator)
an_output_flood_is_cut(collector, operator)
a_cancelled_call_reaches_the_host(collector, operator)
a_gap_is_asked_for(collector)
good = a_config_is_verified(collector, operator)
a_refused_config_goes_back(collector, operator, good)
bad_input_is_answered(operator)
the_audit_names_all(operator)
collector.close()
print("as the protocol says", flush=True)
# What grpcio still has to do when the interpreter shuts down may have it wait for ever: it is waited for nothing.
os._exit(0)
