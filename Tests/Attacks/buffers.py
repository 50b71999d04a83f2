"""Peers that have the server keep something for them: answers they do not take, messages they do not finish."""
import time

import limits
from case import CALM, SURVIVES, Case, Expectation, goes_on
from floods import QUESTION
from peer import Peer
from wire import (
    DATA, DEFAULT_WINDOW, FRAME_BYTES, INITIAL_WINDOW_SIZE, LARGEST_WINDOW, PADDED, PUSH, REFLECT, WATCH, body, call,
    data, frame, goaway, message, opening, reset, settings,
)

STREAMS = range(1, 2 * limits.CONCURRENT_STREAMS, 2)
# As many as are answered with less than the 8 MiB that one call may have waiting.
QUESTIONS = 1400
# How long the attacker tries to make the server take more than it wants.
PUSHING_SECONDS = 3.0
# Of each of the calls that are never finished.
HALF_MESSAGE_BYTES = 2 * limits.MIB


def still_serves(server):
    """What a newcomer hears."""
    with Peer(server) as peer:
        return peer.probe()


def push(peer, frames):
    """Sends frames for as long as the server takes them, within a time. How many were begun: what the server did not
    take of the last is sent before anything that follows."""
    begun, deadline = 0, time.monotonic() + PUSHING_SECONDS
    for begun, content in enumerate(frames, 1):
        if not peer.send(content, max(0, deadline - time.monotonic())):
            return begun
    return begun


def questions_unread(server, windows, reads):
    """Asks for far more answers than are taken, on as many streams as there may be."""
    with Peer(server, settings=[(INITIAL_WINDOW_SIZE, windows)], acknowledges=True) as peer:
        peer.reads = reads
        begun = push(peer, (opening(stream, REFLECT) + body(stream, QUESTION * QUESTIONS) for stream in STREAMS))
        return reopened(peer, STREAMS[:begun]) if reads else still_serves(server)


def reopened(peer, streams):
    """The connection after the peer has given up its calls and opened its windows again."""
    peer.send(b"".join(map(reset, streams)) + settings((INITIAL_WINDOW_SIZE, DEFAULT_WINDOW)))
    return peer.probe()


def zero_window(server):
    return questions_unread(server, windows=0, reads=True)


def deaf(server):
    return questions_unread(server, windows=LARGEST_WINDOW, reads=False)


def unary_answers_unread(server):
    """Whole calls, one after the other, whose answers wait for a window that never opens."""
    with Peer(server, settings=[(INITIAL_WINDOW_SIZE, 0)]) as peer:
        peer.send(b"".join(call(stream) for stream in range(1, 20_000, 2)))
        peer.read_until(lambda answer: len(answer.resets) >= 9_000)
        return reopened(peer, STREAMS)


def half_messages(server):
    """As many calls as there may be, each with a message that lacks its second half."""
    with Peer(server, acknowledges=True) as peer:
        peer.send(b"".join(
            opening(stream, PUSH) + data(stream, message(length=limits.MESSAGE_BYTES)) for stream in STREAMS))
        push(peer, (data(stream, bytes(FRAME_BYTES))
                    for _ in range(HALF_MESSAGE_BYTES // FRAME_BYTES) for stream in STREAMS))
        return still_serves(server)


def goaway_and_on(server):
    """A call that is open, GOAWAY, and another call."""
    with Peer(server) as peer:
        peer.send(opening(1, REFLECT) + goaway())
        return peer.probe()


def padding(server):
    """Padding alone, nearly a window of it, again and again: it counts, so it has to be given back."""
    frames = frame(DATA, PADDED, 1, b"\xff" + bytes(255)) * (limits.STREAM_WINDOW_BYTES * 3 // 4 // 256)
    with Peer(server, acknowledges=True) as peer:
        peer.send(opening(1, PUSH))
        for _ in range(4):
            peer.send(frames)
            # Its acknowledgement is behind the window updates.
            answered = peer.answer.settings_acknowledged + 1
            peer.send(settings())
            peer.read_until(lambda answer: answer.settings_acknowledged >= answered)
        return peer.probe()


def watches(server):
    """All the Watches there may be, over a few connections; then one more client asks for its own."""
    peers = []
    try:
        for _ in range(1000 // limits.CONCURRENT_STREAMS):
            peer = Peer(server, acknowledges=True)
            peers.append(peer)
            peer.send(b"".join(call(stream, WATCH) for stream in STREAMS))
            peer.read_until(lambda answer: set(STREAMS) <= set(answer.fields))
        with Peer(server) as newcomer:
            newcomer.send(call(1, WATCH))
            newcomer.read_until(lambda answer: answer.data_bytes or answer.has_ended(1))
            return newcomer.probe()
    finally:
        for peer in peers:
            peer.close()


CASES = [
    Case("answers to a window of 0", "CVE-2019-9517, 9511: data dribble", zero_window, SURVIVES | CALM,
         memory=limits.GROWTH * limits.UNSENT_BYTES),
    Case("answers that are never read", "CVE-2019-9517: internal data buffering", deaf, SURVIVES,
         memory=limits.GROWTH * limits.UNSENT_BYTES),
    Case("10,000 unary answers to a window of 0", "CVE-2019-9517", unary_answers_unread, SURVIVES | CALM),
    Case("100 messages never finished", "gRPC: 4 MiB may be announced on each", half_messages, SURVIVES,
         memory=limits.GROWTH * limits.UNFINISHED_BYTES),
    Case("GOAWAY, then going on", "RFC 9113, 6.8: open streams go on", goaway_and_on, SURVIVES),
    Case("padding alone, over the window", "RFC 9113, 6.9: padding counts, and is given back", padding,
         Expectation("goes on, resets nothing", lambda answer: goes_on(answer) and not answer.resets)),
    Case("every Watch taken", "no client may lock out the others", watches,
         Expectation("another client's Watch is answered", lambda answer: answer.data_bytes > 0)),
]
