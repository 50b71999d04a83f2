"""Peers that begin something and leave the server waiting. All at once, as each waits for the server's clock."""
import time

import limits
from case import CALM, CLOSES, SURVIVES, Case, goaway
from floods import STUFFING
from peer import Peer
from wire import (
    CHECK, DATA, FRAME_BYTES, HEADERS, INITIAL_WINDOW_SIZE, LARGEST_WINDOW, PREFACE, PUSH, SETTINGS, block, data, frame,
    headers, message, opening, request, settings,
)

SILENT = 1000
# An address of their own, so that they do not count against the others.
CROWD = "127.0.0.4"
DRIP_SECONDS = 0.5
OPENING = limits.OPENING_SECONDS + limits.SLACK_SECONDS
FRAME = limits.FRAME_SECONDS + limits.SLACK_SECONDS
IDLE = limits.IDLE_SECONDS + limits.SLACK_SECONDS
KEEPALIVE = limits.KEEPALIVE_SECONDS + limits.LINGER_SECONDS + limits.SLACK_SECONDS
PROPER = block(request())


def then_silence(content, seconds, connections=1, **behaviour):
    """Sends this, says nothing more, and waits for the server to close each of the connections."""
    def attack(server):
        peers = []
        try:
            for _ in range(connections):
                peers.append(Peer(server, preface=False, **behaviour))
                peers[-1].send(content)
            return wait_for_all(peers, seconds)
        finally:
            for peer in peers:
                peer.close()
    return attack


def wait_for_all(peers, seconds):
    """The answers, when all are closed or the time is over."""
    deadline = time.monotonic() + seconds
    return [peer.wait_for_close(max(0, deadline - time.monotonic())) for peer in peers]


def drip(before, slowly, seconds, **behaviour):
    """Sends this, then a byte of the rest twice a second: always something, never all."""
    def attack(server):
        deadline = time.monotonic() + seconds
        with Peer(server, preface=False, **behaviour) as peer:
            peer.send(before)
            for byte in slowly:
                if time.monotonic() > deadline or not peer.send(bytes([byte])):
                    break
                peer.read_until(lambda answer: answer.closed, DRIP_SECONDS)
            return peer.answer
    return attack


def dribbling_call(server):
    """A call that sends a byte of its message twice a second. That is a slow client, and stays."""
    with Peer(server) as peer:
        peer.send(opening(1, PUSH) + data(1, message(length=1000)))
        end = time.monotonic() + limits.KEEPALIVE_SECONDS
        while time.monotonic() < end and peer.send(data(1, b"\0")):
            peer.read_until(lambda answer: answer.has_ended(1), DRIP_SECONDS)
        return peer.probe()


def deaf_in_the_end(server):
    """A peer with answers waiting for it that reads nothing; what it had received is read when the server must be
    gone."""
    with Peer(server, reads=False, settings=[(INITIAL_WINDOW_SIZE, LARGEST_WINDOW)]) as peer:
        peer.send(STUFFING)
        time.sleep(KEEPALIVE)
        return peer.wait_for_close()


def waiting(name, text, attack, expect=CLOSES, connections=1):
    return Case(name, text, attack, expect, within=KEEPALIVE + limits.PATIENCE_SECONDS, rounds=1,
                memory=connections * limits.CONNECTION_BYTES)


START = PREFACE + settings()
# The connection is given up with a GOAWAY that says nothing bad.
GIVEN_UP = goaway("NO_ERROR")
CASES = [
    waiting("1,000 connections that never speak", "openingTimeout", then_silence(b"", OPENING, SILENT, source=CROWD),
            connections=SILENT),
    waiting("half a preface", "openingTimeout", then_silence(PREFACE[:12], OPENING)),
    waiting("a preface without SETTINGS", "openingTimeout", then_silence(PREFACE, OPENING)),
    waiting("a preface byte by byte", "openingTimeout", drip(b"", START, OPENING)),
    waiting("a frame that never ends", "frameTimeout", then_silence(START + frame(SETTINGS, length=6), FRAME), CALM),
    waiting("HEADERS without END_HEADERS", "frameTimeout", then_silence(START + headers(1, PROPER, 0), FRAME), CALM),
    waiting("HEADERS byte by byte", "frameTimeout",
            drip(START + frame(HEADERS, 0, 1, PROPER, length=FRAME_BYTES), bytes(200), FRAME), CALM),
    waiting("DATA byte by byte", "frameTimeout",
            drip(START + opening(1, PUSH) + frame(DATA, 0, 1, length=FRAME_BYTES), bytes(200), FRAME), CALM),
    waiting("100 connections without a call", "connection_idle", then_silence(START, IDLE, 100), GIVEN_UP, 100),
    waiting("a call, then silence", "keepalive: 30 s, then 10 s for the PING's answer",
            then_silence(START + opening(1, PUSH), KEEPALIVE), GIVEN_UP),
    waiting("a message that never ends", "keepalive",
            then_silence(START + opening(1, CHECK) + data(1, message(b"x", length=1000)), KEEPALIVE), GIVEN_UP),
    waiting("answers unread, then silence", "keepalive, and 5 s for the last bytes", deaf_in_the_end),
    waiting("a message of a byte twice a second", "gRPC: calls have no time limit but their own", dribbling_call,
            SURVIVES),
]
