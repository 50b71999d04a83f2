"""What the aggregator promises, and what the suite allows. Every number of the suite that is a promise stands here."""

KIB, MIB = 1 << 10, 1 << 20

# ---- What the aggregator documents (ServerTransport, ConnectionLimits, ServerConfiguration, AggregatorProgram).

# TLS and the first HTTP/2 frames must be there within this time of the accept.
OPENING_SECONDS = 10
# A frame or header block that is begun must end within this time.
FRAME_SECONDS = 30
# Silence after which a PING is sent while a call is open, and silence after which the connection is over.
KEEPALIVE_SECONDS = 30 + 10
# A finished connection may take this long to hand its last bytes to the peer.
LINGER_SECONDS = 5
# Connections that the kernel holds ready for `accept`; those of a flood are taken in at once.
ACCEPT_BACKLOG = 1024
CONCURRENT_STREAMS = 100
STREAM_WINDOW_BYTES = 256 * KIB
MESSAGE_BYTES = 4 * MIB
# What all calls of a connection may have together: answers that are not taken, and messages that have not ended.
UNSENT_BYTES = 16 * MIB
UNFINISHED_BYTES = 8 * MIB

# ---- What the aggregator is told by its settings file.

CONNECTIONS = 1500
CONNECTIONS_PER_ADDRESS = 1000
# Longer than FRAME_SECONDS, so that each is seen by itself.
IDLE_SECONDS = 35
SETTINGS = f"""\
limits:
  connections: {CONNECTIONS}
  connections_per_address: {CONNECTIONS_PER_ADDRESS}
  connection_idle: {IDLE_SECONDS}s
"""

# ---- What the suite allows.

# For an answer that does not wait for one of the times above: generous, as the machine is shared.
PATIENCE_SECONDS = 10
# How much later than its promised time the server may close.
SLACK_SECONDS = 4

# A header block that unpacks to far over the limit may cost the server so much for each 16 KiB of it.
BOMB_SECONDS = 0.005
BYSTANDERS = 100
BYSTANDER_INTERVAL_SECONDS = 0.1
# No call of a bystander may take longer, whatever goes on beside it.
BYSTANDER_LATENCY_SECONDS = 2.0
QUIET_SECONDS = 3.0

# A short attack is repeated for so long, twice.
ROUND_SECONDS = 0.15
# If the second round took more memory than the first, there are more, until one takes no more than that before it.
ROUNDS_MAX = 5

# A flood that the server puts up with goes on for so long.
FLOOD_SECONDS = 0.7

# What a connection may cost: nghttp2's session, both HPACK tables, NIO's channel and read buffer.
CONNECTION_BYTES = 128 * KIB
# TLS adds BoringSSL's state and its record buffers.
TLS_CONNECTION_BYTES = CONNECTION_BYTES + 128 * KIB
# NIOSSL keeps the memory of a connection that the server has closed for `shutdownTimeout`, 250 ms: at most so many, at
# the rate at which one attacker can shake hands.
TLS_CLOSING = 100
# Buffers double when they grow, so up to half of each is empty, and the former one lives until the copy is made.
GROWTH = 3
# Malloc's arenas and the aggregator's own work while it is measured.
NOISE_BYTES = 8 * MIB
