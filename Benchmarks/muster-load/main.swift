// muster-load: many collectors in one process, for the fan-in figures. Not shipped.
//
//   muster-load HOST PORT CONNECTIONS INTERVAL_MS SECONDS [SERIES CHANGES]
//
// Opens the connections, then sends one frame per connection and interval, evenly spread over the
// interval. Answers pings, and takes over every config it is offered. Prints one JSON object: frames sent and
// acknowledged, frames that left late, how long acknowledgements took, pings answered, configs confirmed.

import GRPC
import Glibc
import Link

func monotonic() -> Instant {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Instant(nanoseconds: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
}

func wallMicroseconds() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
}

func fail(_ message: String) -> Never {
  let line = "muster-load: \(message)\n"
  _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  exit(1)
}

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.dropFirst().compactMap { Int($0) }
guard arguments.count == 5 || arguments.count == 7, numbers.count == arguments.count - 1,
  let port = UInt16(exactly: numbers[0])
else { fail("usage: muster-load HOST PORT CONNECTIONS INTERVAL_MS SECONDS [SERIES CHANGES]") }

let plan = LoadPlan(
  target: LinkTarget(host: arguments.first!, port: port), intervalMilliseconds: numbers[2],
  series: numbers.count > 4 ? numbers[4] : 370, changes: numbers.count > 4 ? numbers[5] : 90)
let connections = numbers[1]

// Time to connect all of them before the first frame: a storm of handshakes is another measurement.
let start = monotonic() + .milliseconds(500 + connections * 2)
let interval = Duration.milliseconds(plan.intervalMilliseconds)
let hosts = (0..<connections).map { index in
  LoadedHost(
    index: index, plan: plan, epoch: UInt64(wallMicroseconds()),
    firstFrame: start + interval / connections * index)
}
let end = start + .seconds(numbers[3])
var late = 0
var watched = hosts.map { _ in pollfd() }
var opened = 0
var due = 0

while monotonic() < end {
  let now = monotonic()
  let wall = wallMicroseconds()
  // A few connections per turn, so that the listener's backlog never overflows.
  while opened < hosts.count, now >= start - .milliseconds(2 * (connections - opened)) {
    hosts[opened].link.open(at: now)
    opened += 1
  }
  // Hosts are due in the order of their index, round and round.
  while hosts[due].nextFrame <= now {
    if now - hosts[due].nextFrame > interval / 2 { late += 1 }
    hosts[due].sendFrame(at: now, wall: wall)
    hosts[due].handle(hosts[due].link.flush(at: now), at: now, wall: wall)
    due = (due + 1) % hosts.count
  }
  for (index, host) in hosts.enumerated() {
    watched[index] = pollfd(fd: host.link.descriptor, events: host.link.interest, revents: 0)
  }
  let pause = min(max((hosts[due].nextFrame - now) / .milliseconds(1), 0), 20)
  guard poll(&watched, UInt(watched.count), opened < hosts.count ? 1 : Int32(pause)) > 0 else { continue }
  let after = monotonic()
  for (index, host) in hosts.enumerated() where watched[index].revents != 0 {
    host.handle(host.link.handle(revents: watched[index].revents, at: after), at: after, wall: wall)
    if let failure = host.failure { fail("host \(index): \(failure)") }
  }
}

// What is on its way may still be acknowledged.
let grace = monotonic() + .seconds(2)
while monotonic() < grace, hosts.contains(where: { $0.acknowledged < $0.sequence }) {
  for (index, host) in hosts.enumerated() {
    watched[index] = pollfd(fd: host.link.descriptor, events: host.link.interest, revents: 0)
  }
  _ = poll(&watched, UInt(watched.count), 20)
  let now = monotonic()
  for (index, host) in hosts.enumerated() where watched[index].revents != 0 {
    host.handle(host.link.handle(revents: watched[index].revents, at: now), at: now, wall: wallMicroseconds())
  }
}

let delays = hosts.flatMap(\.acknowledgementDelays).sorted()
func milliseconds(_ quantile: Double) -> Double {
  delays.isEmpty ? 0 : delays[Int(Double(delays.count - 1) * quantile)] / .milliseconds(1)
}
let sent = hosts.reduce(0) { $0 + $1.sequence }
let acknowledged = hosts.reduce(0) { $0 + $1.acknowledged }
print(
  """
  {"connections": \(connections), "sent": \(sent), "acknowledged": \(acknowledged), "late": \(late), \
  "frame_bytes": \(hosts.last?.frameBytes ?? 0), "wire_bytes": \(hosts.reduce(0) { $0 + $1.link.bytesSent }), \
  "ack_p50_ms": \(milliseconds(0.5)), "ack_p99_ms": \(milliseconds(0.99)), \
  "pings": \(hosts.reduce(0) { $0 + $1.pings }), "confirmed": \(hosts.reduce(0) { $0 + $1.confirmed })}
  """)
for host in hosts { host.link.close() }
exit(sent > 0 && acknowledged == sent ? 0 : 1)
