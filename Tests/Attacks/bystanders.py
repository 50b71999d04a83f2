"""Well-behaved clients beside the attacks, in a process of their own.

Run as a program: bystanders.py PORT [CERTIFICATE]. Each client has one connection, a Watch of the health service that
must never end, and asks for a Check every 100 ms, whether or not the last one was answered. At each line of input what
has happened since the last one is written as a line of JSON; at the end of input all is over.
"""
import asyncio
import functools
import json
import ssl
import struct
import subprocess
import sys

import hpack

import limits
import wire

# A Watch that was just opened says SERVING once.
WATCH_STREAM = 1
CLIENTS_PER_SECOND = 200


@functools.lru_cache(maxsize=64)
def decode(block):
    """Stateless, as every client has the server's dynamic table switched off."""
    return dict(hpack.Decoder().decode(block))


class Record:
    def __init__(self):
        self.latencies = []
        self.failures = []


class Client(asyncio.Protocol):
    def __init__(self, record):
        self.record = record
        self.pending = bytearray()
        self.calls = {}
        self.next_stream = WATCH_STREAM + 2
        self.loop = asyncio.get_running_loop()
        self.watching = self.loop.create_future()
        self.is_closing = False
        self.request = wire.block(wire.request(wire.CHECK))

    def connection_made(self, transport):
        self.transport = transport
        transport.write(
            wire.PREFACE + wire.settings((wire.HEADER_TABLE_SIZE, 0))
            + wire.window_update(0, wire.LARGEST_WINDOW - wire.DEFAULT_WINDOW)
            + wire.call(WATCH_STREAM, wire.WATCH))

    def ask(self):
        if self.is_closing:
            return
        now = self.loop.time()
        self.calls[self.next_stream] = now
        self.transport.write(wire.headers(self.next_stream, self.request)
                             + wire.data(self.next_stream, wire.message(), wire.END_STREAM))
        self.next_stream += 2
        self.loop.call_at(now + limits.BYSTANDER_INTERVAL_SECONDS, self.ask)

    def data_received(self, content):
        pending, start = self.pending, 0
        pending += content
        while len(pending) - start >= wire.FRAME_HEADER_BYTES:
            end = start + wire.FRAME_HEADER_BYTES + int.from_bytes(pending[start:start + 3], "big")
            if len(pending) < end:
                break
            kind, flags, stream = struct.unpack_from(">BBI", pending, start + 3)
            self.take(kind, flags, stream, bytes(pending[start + wire.FRAME_HEADER_BYTES:end]))
            start = end
        del pending[:start]

    def take(self, kind, flags, stream, payload):
        if kind == wire.HEADERS and flags & wire.END_STREAM:
            self.ended(stream, decode(payload).get("grpc-status"))
        elif kind == wire.DATA and stream == WATCH_STREAM and not self.watching.done():
            self.watching.set_result(None)
        elif kind == wire.SETTINGS and not flags & wire.ACK:
            self.transport.write(wire.settings_ack())
        elif kind == wire.PING and not flags & wire.ACK:
            self.transport.write(wire.ping(payload, wire.ACK))
        elif kind == wire.RST_STREAM:
            self.fail(f"stream {stream} was reset: {wire.error_name(int.from_bytes(payload, 'big'))}")
        elif kind == wire.GOAWAY:
            self.fail(f"GOAWAY {wire.error_name(int.from_bytes(payload[4:8], 'big'))}")

    def ended(self, stream, status):
        if stream == WATCH_STREAM:
            self.fail(f"the Watch ended with grpc-status {status}")
            return self.transport.abort()
        self.record.latencies.append(self.loop.time() - self.calls.pop(stream))
        if status != "0":
            self.fail(f"a Check ended with grpc-status {status}")

    def overdue(self):
        """Calls that are not answered and should have been."""
        limit = self.loop.time() - limits.BYSTANDER_LATENCY_SECONDS
        return sum(started < limit for started in self.calls.values())

    def connection_lost(self, _):
        self.fail("a connection was lost")
        self.is_closing = True
        if not self.watching.done():
            self.watching.set_exception(ConnectionError(self.record.failures[0]))

    def fail(self, reason):
        if not self.is_closing:
            self.record.failures.append(reason)

    def close(self):
        self.is_closing = True
        self.transport.abort()


async def serve(port, certificate):
    record, clients = Record(), []
    loop = asyncio.get_running_loop()
    context = ssl.create_default_context(cafile=certificate) if certificate else None
    if context:
        context.set_alpn_protocols(["h2"])
    for _ in range(limits.BYSTANDERS):
        _, client = await loop.create_connection(
            lambda: Client(record), "127.0.0.1", port, ssl=context, server_hostname="localhost" if context else None)
        await asyncio.wait_for(client.watching, limits.PATIENCE_SECONDS)
        clients.append(client)
        client.ask()
        await asyncio.sleep(1 / CLIENTS_PER_SECOND)
    print("ready", flush=True)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        latencies, record.latencies = sorted(record.latencies), []
        failures, record.failures = record.failures, []
        overdue = sum(client.overdue() for client in clients)
        if overdue:
            failures.append(f"{overdue} calls are not answered")
        print(json.dumps({"latencies": latencies, "failures": failures}), flush=True)
    for client in clients:
        client.close()


class Bystanders:
    """The process, seen from the suite."""

    def __init__(self, server):
        arguments = [sys.executable, "-B", __file__, str(server.port)]
        if server.certificate:
            arguments.append(server.certificate)
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the bystanders did not get ready")

    def since_last(self):
        """What has happened since this was last asked."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return Latencies(**json.loads(self.process.stdout.readline()))

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(limits.PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Latencies:
    """Of the bystanders' calls over some time, ascending; and what went wrong with them."""

    def __init__(self, latencies, failures):
        self.latencies = latencies
        self.failures = failures

    def quantile(self, share):
        return self.latencies[min(int(share * len(self.latencies)), len(self.latencies) - 1)]

    def problem(self):
        if self.failures:
            return f"bystanders: {len(self.failures)} failures, first: {self.failures[0]}"
        if not self.latencies:
            return "bystanders: not one call was answered"
        if self.latencies[-1] > limits.BYSTANDER_LATENCY_SECONDS:
            return f"bystanders: a call took {self.latencies[-1]:.1f} s"
        return None

    def __str__(self):
        if not self.latencies:
            return "-"
        return "/".join(f"{1000 * self.quantile(share):.1f}" for share in (0.5, 0.99))


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
