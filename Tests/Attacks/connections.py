"""Connections as the weapon: many, short, or left in the middle of something."""
import socket
import struct
import time

import limits
from buffers import STREAMS, still_serves
from case import SURVIVES, Case, Expectation
from peer import Answer, Peer
from wire import PUSH, data, message, opening

# Closes with a reset instead of a FIN.
ABORT = struct.pack("ii", 1, 0)
# An address of its own, so that what is left of other attacks does not count.
GREEDY = "127.0.0.3"
CROWDS = ("127.0.0.5", "127.0.0.6")


def for_a_while(leave):
    """An attack: `leave` opens and abandons a connection, again and again; then somebody asks properly."""
    def attack(server):
        end = time.monotonic() + limits.FLOOD_SECONDS
        while time.monotonic() < end:
            leave(server)
        return still_serves(server)
    return attack


def connect_and_close(server):
    server.connect(secured=False).close()


def connect_and_abort(server):
    abandoned = server.connect(secured=False)
    abandoned.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    abandoned.close()


def abandon_calls(server):
    """A connection with as many open calls as there may be, each inside a message, is aborted."""
    with Peer(server) as peer:
        peer.send(b"".join(
            opening(stream, PUSH) + data(stream, message(bytes(100), length=1000)) for stream in STREAMS))
        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)


def take_all(server):
    """One more connection than one address may have. The Answers of: those allowed, the one more, and one that comes
    after another has left."""
    peers = []
    try:
        for _ in range(limits.CONNECTIONS_PER_ADDRESS):
            peers.append(Peer(server, source=GREEDY))
            peers[-1].read_until(lambda answer: answer.has_settings)
        beyond = Peer(server, source=GREEDY)
        peers.append(beyond)
        beyond.probe()
        admitted = [peer.answer for peer in peers[:-1]]
        peers[0].close()
        return Limited(admitted, beyond.answer, once_admitted(server))
    finally:
        for peer in peers:
            peer.close()


def once_admitted(server):
    """The answer to somebody who tries until there is room again."""
    deadline = time.monotonic() + limits.PATIENCE_SECONDS
    while True:
        with Peer(server, source=GREEDY) as peer:
            answer = peer.probe()
            if not answer.closed or time.monotonic() > deadline:
                return answer


def crowd(server):
    """More connections that never speak than there may be at all, from two addresses; then somebody asks."""
    peers = []
    try:
        for count in range(limits.CONNECTIONS + 100):
            peers.append(Peer(server, preface=False, source=CROWDS[count % len(CROWDS)]))
        return still_serves(server)
    finally:
        for peer in peers:
            peer.close()


class Limited(Answer):
    """What became of connections up to, over, and again below the limit."""

    def __init__(self, admitted, beyond, later):
        super().__init__()
        self.admitted = sum(answer.has_settings and not answer.closed for answer in admitted)
        self.is_limited = beyond.closed and beyond.status(beyond.probe) is None
        self.is_free_again = later.is_probe_answered

    def __str__(self):
        return (f"takes {self.admitted}, {'closes' if self.is_limited else 'takes'} one more, "
                f"{'takes' if self.is_free_again else 'refuses'} another after one has left")


CASES = [
    Case("connections opened and closed", "accept flood", for_a_while(connect_and_close), SURVIVES,
         memory=limits.ACCEPT_BACKLOG * limits.CONNECTION_BYTES),
    Case("connections opened and aborted", "accept flood", for_a_while(connect_and_abort), SURVIVES,
         memory=limits.ACCEPT_BACKLOG * limits.CONNECTION_BYTES),
    Case("connections abandoned with 100 calls", "each call must be let go", for_a_while(abandon_calls), SURVIVES),
    Case("more silent connections than there may be", "limits.connections: those that are only begun make room", crowd,
         SURVIVES, memory=limits.CONNECTIONS * limits.CONNECTION_BYTES),
    Case("more connections than one address may have", "limits.connections_per_address", take_all,
         Expectation(f"takes {limits.CONNECTIONS_PER_ADDRESS:,}, closes one more, takes another after one has left",
                     lambda answer: answer.admitted == limits.CONNECTIONS_PER_ADDRESS and answer.is_limited
                     and answer.is_free_again),
         memory=limits.CONNECTIONS_PER_ADDRESS * limits.CONNECTION_BYTES, within=3 * limits.PATIENCE_SECONDS, rounds=1),
]
