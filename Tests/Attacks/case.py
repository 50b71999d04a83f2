"""An attack as a declaration: what is sent, what the text says about it, what the server must do."""
from dataclasses import dataclass
from typing import Callable

import limits
import wire
from peer import Peer


@dataclass(frozen=True)
class Expectation:
    """`holds` judges an Answer; `text` says the same to people."""

    text: str
    holds: Callable

    def __or__(self, other):
        return Expectation(f"{self.text}, or {other.text}", lambda answer: self.holds(answer) or other.holds(answer))


def goes_on(answer):
    """A proper call was answered after the attack, on the same connection."""
    return answer.is_probe_answered and answer.goaway is None


def goaway(*codes):
    names = " or ".join(codes)
    return Expectation(
        f"GOAWAY {names}, closed",
        lambda answer: answer.goaway is not None and wire.error_name(answer.goaway) in codes and answer.closed)


def reset(stream, *codes):
    names = " or ".join(codes)
    return Expectation(
        f"RST_STREAM {names}, goes on",
        lambda answer: wire.error_name(answer.resets.get(stream, -1)) in codes and goes_on(answer))


def status(stream, wanted):
    return Expectation(f"{wanted}, goes on", lambda answer: answer.status(stream) == wanted and goes_on(answer))


SURVIVES = Expectation("goes on", goes_on)
CLOSES = Expectation("closes", lambda answer: answer.closed)
# For what is not HTTP/2 at all "a GOAWAY frame MAY be omitted" (RFC 9113, 3.4).
NOT_HTTP2 = goaway("PROTOCOL_ERROR") | CLOSES
CALM = goaway("ENHANCE_YOUR_CALM")


@dataclass(frozen=True)
class Case:
    """One attack. `attack(server)` carries it out once and returns the Answer, or those of all its connections."""

    name: str
    # What the standard, the CVE or gRPC's document says.
    text: str
    attack: Callable
    expect: Expectation
    # How much the server's memory may grow while the attack is on.
    memory: int = limits.CONNECTION_BYTES
    # Within which time each Answer must be complete.
    within: float = limits.PATIENCE_SECONDS
    # Attacks that wait for the server's clock are not repeated.
    rounds: int = 2

    def problem(self, answer):
        if self.expect.holds(answer):
            return None
        return f"expected: {self.expect.text}; answered: {answer}"


def exchange(*frames, stream=None, **behaviour):
    """An attack: sends the frames, then a proper call; done when that (and `stream`) ends or the server closes."""
    content = b"".join(frames)

    def attack(server):
        with Peer(server, **behaviour) as peer:
            peer.send(content)
            return peer.probe(stream)

    return attack
