"""Attacks on TLS itself, and HTTP/2's worst over it."""
import ssl
import time
from dataclasses import replace

import floods
import limits
from buffers import still_serves
from case import CLOSES, NOT_HTTP2, SURVIVES, Case
from connections import connect_and_abort, for_a_while
from peer import Peer
from silence import OPENING, drip, then_silence
from wire import PREFACE, settings

MANY = 300
# The worst of HTTP/2, once more inside TLS.
AGAIN = ("rapid reset", "MadeYouReset by window overflow", "CONTINUATION flood, full frames", "HPACK bomb")


def client_hello():
    """The first bytes of a proper handshake."""
    outgoing = ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.set_alpn_protocols(["h2"])
    handshake = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost")
    try:
        handshake.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def raw(content, secured=False):
    """Sends bytes, inside TLS or in its place, and waits for the end."""
    def attack(server):
        with Peer(server, preface=False, secured=secured) as peer:
            peer.send(content)
            return peer.wait_for_close()
    return attack


def without_alpn(server):
    """A handshake that is good but for its protocol."""
    context = ssl.create_default_context(cafile=server.certificate)
    with Peer(server, preface=False, secured=False) as peer:
        peer.socket.settimeout(limits.PATIENCE_SECONDS)
        peer.socket = context.wrap_socket(peer.socket, server_hostname="localhost")
        peer.socket.setblocking(False)
        peer.send(PREFACE + settings())
        return peer.wait_for_close()


def handshakes(server):
    """As many handshakes as go, each left when it is done."""
    end = time.monotonic() + limits.FLOOD_SECONDS
    while time.monotonic() < end:
        server.connect().close()
    return still_serves(server)


HELLO = client_hello()
HTTP1 = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
SHORT = [
    Case("TLS: bytes that are not TLS", "RFC 8446, 6.2", raw(bytes(range(256)) * 4), CLOSES),
    Case("TLS: HTTP/2 without TLS", "RFC 9113, 3.2", raw(PREFACE + settings()), CLOSES),
    Case("TLS: a record of 64 KiB", "RFC 8446, 5.1: record_overflow",
         raw(b"\x16\x03\x01\xff\xff" + bytes(66_000)), CLOSES),
    Case("TLS: no ALPN", "RFC 9113, 3.3: h2 is negotiated", without_alpn, CLOSES),
    Case("TLS: an HTTP/1.1 request inside", "RFC 9113, 3.4", raw(HTTP1, secured=True), NOT_HTTP2),
    Case("TLS: handshakes without end", "RFC 9113, 10.5", handshakes, SURVIVES,
         memory=limits.ACCEPT_BACKLOG * limits.TLS_CONNECTION_BYTES),
    Case("TLS: connections opened and aborted", "accept flood", for_a_while(connect_and_abort), SURVIVES,
         memory=limits.ACCEPT_BACKLOG * limits.TLS_CONNECTION_BYTES),
    # Each is carried out on one connection after the other, and some of these are still closing.
    *(replace(case, name=f"TLS: {case.name}", memory=limits.TLS_CLOSING * limits.TLS_CONNECTION_BYTES) for case in floods.CASES if case.name in AGAIN),
]


def waiting(name, attack, connections=1):
    return Case(f"TLS: {name}", "ServerTransport.openingTimeout", attack, CLOSES,
                memory=connections * limits.TLS_CONNECTION_BYTES, within=OPENING + limits.PATIENCE_SECONDS, rounds=1)


SILENT = [
    waiting(f"{MANY} connections that never speak", then_silence(b"", OPENING, MANY, secured=False), MANY),
    waiting(f"{MANY} handshakes begun and never ended", then_silence(HELLO[:100], OPENING, MANY, secured=False), MANY),
    waiting(f"{MANY} handshakes left after the first flight", then_silence(HELLO, OPENING, MANY, secured=False), MANY),
    waiting("a handshake byte by byte", drip(b"", HELLO, OPENING, secured=False)),
    waiting("nothing after the handshake", then_silence(b"", OPENING)),
]
