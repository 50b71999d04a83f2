// muster-load: many collectors in one process, for the fan-in figures. Not shipped.
//
// Each connection is a `Link`, all of them in one thread with epoll. Prints a JSON object when the measured time begins,
// and one at the end; fails (status 1) when a connection breaks, or a frame was not acknowledged.

import Glibc
import LoadLoop

@main
struct MusterLoad {
  static let usage = """
    usage: muster-load MODE --port N [--host A] [--seconds N] …

      frames   [--connections N] [--interval-ms N] [--series N] [--changes N] [--server-pid N]
               every connection says Hello and sends a frame each interval, evenly spread over it; pings are
               answered, and every config is taken over
      tail     [--pattern P]
               follows the metric of all hosts, and tells how old a frame is when it arrives here
    """

  static func main() {
    do {
      let options = try Options(Array(CommandLine.arguments.dropFirst()))
      raiseDescriptorLimit()
      let report =
        switch options.mode {
        case .frames: try FrameLoad(options).run()
        case .tail: try TailReader(options).run()
        }
      report.print()
    } catch {
      complain("muster-load: \(error)")
      guard error is UsageError else { exit(1) }
      complain(usage)
      exit(2)
    }
  }
}

/// The wall clock in microseconds, as frames are stamped.
func wallMicroseconds() -> Int64 { (nanoseconds(of: CLOCK_REALTIME) ?? 0) / 1_000 }
