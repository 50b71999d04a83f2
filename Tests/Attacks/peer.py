"""A client made of a socket: sends any bytes, and notes what the server answers."""
import collections
import select
import ssl
import struct
import time

import hpack

import limits
import wire

# The first stream of the proper calls that ask, after whatever was sent, whether the connection still works.
FIRST_PROBE = 0x7FFF0001
# Of the peers that do not read: soon full, so that the server has to keep what it cannot send.
DEAF_RECEIVE_BYTES = 4096
READ_BYTES = 1 << 18
NOT_NOW = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Answer:
    """What the server has said on one connection so far."""

    def __init__(self, proper=None):
        # What the server says to a proper call.
        self.proper = proper
        self.goaway = None
        self.debug = b""
        self.closed = False
        self.resets = {}
        self.fields = {}
        self.ended = set()
        self.data_bytes = 0
        self.has_settings = False
        self.settings_acknowledged = 0
        self.probe = FIRST_PROBE

    def has_ended(self, stream):
        return stream in self.ended or stream in self.resets

    @property
    def is_probe_answered(self):
        return self.status(self.probe) == self.proper

    def status(self, stream):
        """`grpc-status N`, or the HTTP status if there is none, or None."""
        fields = self.fields.get(stream, {})
        if "grpc-status" in fields:
            return f"grpc-status {fields['grpc-status']}"
        return f":status {fields[':status']}" if ":status" in fields else None

    def __str__(self):
        counts = collections.Counter(f"RST_STREAM {wire.error_name(code)}" for code in self.resets.values())
        counts.update(self.status(stream) for stream in self.fields if stream < FIRST_PROBE)
        said = [what if count == 1 else f"{count} × {what}" for what, count in counts.most_common()]
        if self.probe in self.fields:
            said.append("goes on" if self.is_probe_answered else self.status(self.probe))
        if self.goaway is not None:
            said.append(f"GOAWAY {wire.error_name(self.goaway)}")
        if self.closed:
            said.append("closes")
        return ", ".join(said) or "nothing"


class Peer:
    """One connection. `reads=False`: it never takes anything the server sends.

    It acknowledges the server's SETTINGS only if asked to: the server is stricter with who does.
    """

    def __init__(self, server, reads=True, preface=True, settings=(), acknowledges=False,
                 **connection):
        self.answer = Answer(server.proper)
        self.reads = True
        self.pending = bytearray()
        self.unsent = b""
        self.decoder = hpack.Decoder()
        self.block = b""
        self.socket = server.connect(None if reads else DEAF_RECEIVE_BYTES, **connection)
        self.socket.setblocking(False)
        if preface:
            self.send(wire.PREFACE + wire.settings(*settings))
        if acknowledges:
            self.read_until(lambda answer: answer.has_settings)
            self.send(wire.settings_ack())
        self.reads = reads

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, content, seconds=limits.PATIENCE_SECONDS):
        """Sends all of it, reading meanwhile. False when the server has closed, or takes no more in `seconds`: what
        is left then comes before anything that is sent later."""
        self.unsent = memoryview(bytes(self.unsent) + content)
        deadline = time.monotonic() + seconds
        while self.unsent and not self.answer.closed:
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if self._ready(select.POLLOUT | (select.POLLIN if self.reads else 0), left) & select.POLLIN:
                self._read_once()
            try:
                self.unsent = self.unsent[self.socket.send(self.unsent):]
            except NOT_NOW:
                continue
            except OSError:
                self._drain()
        return not self.answer.closed

    def read_until(self, done, seconds=limits.PATIENCE_SECONDS):
        """Reads until `done(answer)`, the server's close, or the time is over. True: done."""
        deadline = time.monotonic() + seconds
        while not done(self.answer) and not self.answer.closed:
            left = deadline - time.monotonic()
            if not self._ready(select.POLLIN, max(left, 0)):
                return False
            self._read_once()
        return done(self.answer)

    def probe(self, stream=None, seconds=limits.PATIENCE_SECONDS):
        """Makes a proper call and waits for its end, and for that of `stream`; or for the server's close.

        A call that is refused, as the flood before it still fills the connection, is made anew.
        """
        answer = self.answer
        deadline = time.monotonic() + seconds
        while self.send(wire.call(answer.probe)):
            self.read_until(lambda _: answer.has_ended(answer.probe), deadline - time.monotonic())
            if answer.resets.get(answer.probe) != wire.ERRORS.index("REFUSED_STREAM") or time.monotonic() > deadline:
                break
            answer.probe += 2
        self.read_until(lambda _: answer.has_ended(answer.probe) and (stream is None or answer.has_ended(stream)),
                        deadline - time.monotonic())
        return answer

    def wait_for_close(self, seconds=limits.PATIENCE_SECONDS):
        self.read_until(lambda answer: answer.closed, seconds)
        return self.answer

    def _ready(self, events, seconds):
        """What of the events has come; waits for one, but no longer than so many seconds."""
        poll = select.poll()
        poll.register(self.socket, events)
        ready = poll.poll(1000 * seconds)
        return ready[0][1] if ready else 0

    def _drain(self):
        """The server has closed: what it said before is still there."""
        while not self.answer.closed:
            self._read_once()

    def _read_once(self):
        """Takes all that is there: `select` does not know what TLS has read already."""
        while not self.answer.closed:
            try:
                content = self.socket.recv(READ_BYTES)
            except NOT_NOW:
                return
            except OSError:
                content = b""
            self.answer.closed = not content
            self.pending += content
            self._parse()

    def _parse(self):
        start = 0
        while len(self.pending) - start >= wire.FRAME_HEADER_BYTES:
            length = int.from_bytes(self.pending[start:start + 3], "big")
            end = start + wire.FRAME_HEADER_BYTES + length
            if len(self.pending) < end:
                break
            kind, flags, stream = struct.unpack_from(">BBI", self.pending, start + 3)
            self._take(kind, flags, stream, bytes(self.pending[start + wire.FRAME_HEADER_BYTES:end]))
            start = end
        del self.pending[:start]

    def _take(self, kind, flags, stream, payload):
        answer = self.answer
        if kind in (wire.HEADERS, wire.CONTINUATION):
            self.block = payload if kind == wire.HEADERS else self.block + payload
            if flags & wire.END_HEADERS:
                answer.fields.setdefault(stream, {}).update(self.decoder.decode(self.block))
        elif kind == wire.DATA:
            answer.data_bytes += len(payload)
        elif kind == wire.RST_STREAM:
            answer.resets[stream] = int.from_bytes(payload, "big")
        elif kind == wire.SETTINGS:
            answer.has_settings = True
            answer.settings_acknowledged += flags & wire.ACK
        elif kind == wire.GOAWAY:
            answer.goaway, answer.debug = int.from_bytes(payload[4:8], "big"), payload[8:]
        if kind in (wire.HEADERS, wire.DATA) and flags & wire.END_STREAM:
            answer.ended.add(stream)
