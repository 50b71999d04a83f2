import Testing

@testable import Wire

/// The example of docs/PROTOCOL.md, byte by byte, written by hand here and by the encoder.
@Suite struct FrameGoldenTests {
  private func host() -> TestHost {
    var host = TestHost()
    host.descriptors = [
      SeriesDescriptor(
        "node_cpu_seconds_total", labels: [Label("cpu", "0"), Label("mode", "idle")], kind: .counter,
        unit: "seconds", divisor: 100),
      SeriesDescriptor("node_load1", kind: .gauge, type: .double),
      SeriesDescriptor("node_procs_running", kind: .gauge),
    ]
    host.values = [123_456, Int64(bitPattern: 0.25.bitPattern), 1]
    host.present = [true, true, true]
    return host
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }

  @Test func theFrameThatOpensAStream() {
    var host = host()
    let opening = StreamOpening(
      hostID: hostID, bootID: bootID, epoch: 3, instance: "web-1", labels: [Label("env", "prod")])
    let expected = RawMessage {
      $0.message(1) {
        $0.text(1, hostID)
        $0.text(2, bootID)
        $0.varint(3, 3)
        $0.text(4, "web-1")
        $0.message(5) {
          $0.text(1, "env")
          $0.text(2, "prod")
        }
      }
      $0.varint(2, 1)
      $0.varint(3, 1_760_000_001_000_000)
      $0.varint(4, 86_401_000_000)
      $0.message(5) {
        $0.text(1, "node_cpu_seconds_total")
        $0.message(2) {
          $0.text(1, "cpu")
          $0.text(2, "0")
        }
        $0.message(2) {
          $0.text(1, "mode")
          $0.text(2, "idle")
        }
        $0.varint(3, 1)
        $0.text(5, "seconds")
        $0.varint(7, 100)
      }
      $0.message(5) {
        $0.text(1, "node_load1")
        $0.varint(3, 2)
        $0.varint(4, 1)
      }
      $0.message(5) {
        $0.text(1, "node_procs_running")
        $0.varint(3, 2)
      }
      $0.changes([0: 123_456, 2: 1])
      $0.doubles(at: [1], [0.25])
    }
    #expect(hex(host.frame(opening: opening)) == hex(expected.bytes))
  }

  @Test func theFrameAfterIt() {
    var host = host()
    _ = host.frame()
    host.values[0] += 97
    host.values[1] = Int64(bitPattern: 0.5.bitPattern)
    host.present[2] = false
    #expect(
      hex(host.frame()) == """
        10 02 18 80 89 b2 f7 de 96 90 03 20 80 c9 d7 ef c1 02 32 01 01 3a 01 01 42 02 c2 01 4a 01 01 \
        52 08 00 00 00 00 00 00 e0 3f 5a 01 02
        """)
  }
}
