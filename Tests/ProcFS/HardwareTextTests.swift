import Testing

@testable import ProcFS

@Suite struct HardwareTextTests {
  @Test(arguments: [
    ("temp1_input", "temp", 1, "input"), ("temp10_crit_alarm", "temp", 10, "crit_alarm"),
    ("in0_input", "in", 0, "input"), ("pwm1", "pwm", 1, ""), ("temp", "temp", 0, ""),
    ("beep_enable", "beep_enable", 0, ""), ("update_interval", "update_interval", 0, ""),
    ("pwm1_auto_point1_temp", "pwm", 1, "auto_point1_temp"), ("power007_x", "power", 7, "x"),
    ("vrm", "vrm", 0, ""), ("cpu0_vid", "cpu", 0, "vid"), ("intrusion0_alarm", "intrusion", 0, "alarm"),
  ])
  func sensors(_ name: String, _ type: String, _ number: Int, _ element: String) throws {
    let file = try #require(SensorFileName(name))
    #expect((file.type, file.number, file.element) == (type, number, element))
  }

  @Test(arguments: [
    "", "1", "1temp", "name", "uevent", "temp1input", "temp1_", "temp_", "temp_input", "power_state",
    "Temp1_input",
    "temp99999999999999999999_input", "temp1-input", "témp1_input", "device", "alarms", "_input",
    "temp-1_input",
  ])
  func notSensors(_ name: String) {
    #expect(SensorFileName(name) == nil)
  }

  @Test(
    arguments: [
      ("package-0", "package", 0), ("package-12", "package", 12), ("core", "core", nil), ("", "", nil),
      ("package-0-die-1", "package-0-die-1", nil), ("psys-", "psys-", nil), ("-1", "", 1),
      ("dram-x", "dram-x", nil),
      ("a-99999999999999999999", "a-99999999999999999999", nil),
    ] as [(String, String, Int?)])
  func powerZones(_ text: String, _ name: String, _ number: Int?) {
    #expect(PowerZoneName(text).name == name)
    #expect(PowerZoneName(text).number == number)
  }

  @Test(
    arguments: [
      ("4: ACTIVE\n", 4), ("0: NOP", 0), (" 5: LinkUp", 5), ("ACTIVE", nil), ("4 ACTIVE", nil), ("", nil),
      (":", nil),
      ("-1: X", nil), ("99999999999999999999: X", Int64.max),
    ] as [(String, Int64?)])
  func infiniBandStates(_ text: String, _ state: Int64?) {
    #expect(bytes(text, InfiniBandText.state) == state)
  }

  @Test(
    arguments: [
      ("100 Gb/sec (4X EDR)\n", 12_500_000_000), ("2.5 Gb/sec (1X SDR)", 312_500_000), ("0 Gb/sec", 0),
      ("7.5 Gb/sec (3X)", 937_500_000), ("100", nil), ("100 Mb/sec", nil), ("", nil), ("x Gb/sec", nil),
      ("-5 Gb/sec", nil), ("99999999999999999999 Gb/sec", nil), ("92233720368547758 Gb/sec", nil),
    ] as [(String, Int64?)])
  func infiniBandRates(_ text: String, _ rate: Int64?) {
    #expect(bytes(text, InfiniBandText.rate) == rate)
  }

  @Test(
    arguments: [
      ("0x1f\n", 31), ("0x0", 0), ("0xffffffffffffffff\n", nil), ("0x7fffffffffffffff", nil), ("12", 12),
      ("0x", nil), ("", nil), ("0xg", nil), ("0x1ffffffffffffffff", nil), ("N/A", nil),
    ] as [(String, Int64?)])
  func fibreChannelCounters(_ text: String, _ value: Int64?) {
    #expect(bytes(text, FibreChannelText.counter) == value)
  }

  @Test func fibreChannelNames() {
    #expect(["0x10", "10", "0x", ""].map(FibreChannelText.name) == ["10", "10", "", ""])
  }

  @Test func linksLeadToDevices() {
    let root = Fixture.root("linux-5.10-laptop")
    let target = DeviceLink.target(of: "sys/class/hwmon/hwmon5/device", below: root)
    #expect(target?.hasSuffix("/sys/devices/platform/coretemp.0") == true)
    #expect(DeviceLink.target(of: "sys/class/hwmon/hwmon99/device", below: root) == nil)
  }

  /// Whatever a driver writes: it comes back.
  @Test func brokenTexts() {
    let texts = ["4: ACTIVE\n", "2.5 Gb/sec (1X SDR)\n", "0xffffffffffffffff\n", "-273150\n"]
    for text in texts.map({ Array($0.utf8) }) {
      let memory = GuardedText(capacity: text.count)
      for count in 0...text.count {
        for byte in [UInt8(0), 0x20, 0x2d, 0x2e, 0x39, 0x3a, 0xff] {
          var broken = Array(text[..<count])
          if count > 0 { broken[count / 2] = byte }
          let place = memory.place(broken)
          _ = (InfiniBandText.state(place), InfiniBandText.rate(place), FibreChannelText.counter(place))
          _ = (SensorFileName(AttributeText.string(place)), PowerZoneName(AttributeText.string(place)))
        }
      }
    }
  }

  private func bytes(_ text: String, _ parse: (UnsafeRawBufferPointer) -> Int64?) -> Int64? {
    Array(text.utf8).withUnsafeBytes { parse($0) }
  }
}
