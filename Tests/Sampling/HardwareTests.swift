import Glibc
import ProcFS
import Testing
import Wire

@testable import Sampling

/// The sources of the area Hardware, each read directly: what the trees of whole machines do not have.
@Suite struct HardwareTests {
  private let tree = TestTree()
  private let clock = TestClock()

  // MARK: - hwmon

  @Test func aChipIsNamedAfterItsDevice() {
    chip(0, ["name": "one", "temp1_input": "1000"], device: "sys/devices/platform/coretemp.0")
    chip(1, ["name": "Two-2 ", "temp1_input": "1000"])
    chip(2, ["temp1_input": "1000"])
    chip(3, ["name": "--", "temp1_input": "1000"])
    #expect(
      read(HwmonSource(root: tree.root)).of("node_hwmon_temp").keys.sorted() == [
        #"node_hwmon_temp_celsius{chip="hwmon2",sensor="temp1"}"#,
        #"node_hwmon_temp_celsius{chip="hwmon3",sensor="temp1"}"#,
        #"node_hwmon_temp_celsius{chip="platform_coretemp_0",sensor="temp1"}"#,
        #"node_hwmon_temp_celsius{chip="two_2",sensor="temp1"}"#,
      ])
  }

  @Test func chipsOfTheSameDeviceAreToldApart() {
    for (number, name) in ["one", "two", "two"].enumerated() {
      chip(number, ["name": name, "in0_input": "\(number)000"], device: "sys/devices/platform/board")
    }
    #expect(
      read(HwmonSource(root: tree.root)).of("node_hwmon_in_volts") == [
        #"node_hwmon_in_volts{chip="platform_board",sensor="in0"}"#: 0,
        #"node_hwmon_in_volts{chip="platform_board_two",sensor="in0"}"#: 1,
        #"node_hwmon_in_volts{chip="platform_board_hwmon2",sensor="in0"}"#: 2,
      ])
  }

  @Test func whatHasNoNumberIsAbsent() {
    chip(
      0,
      [
        "name": "chip", "temp1_input": "-273150", "temp2_input": "N/A", "temp3_input": "",
        "temp4_input": "1e3",
        "temp5_input": "99999999999999999999", "power1_serial_number": "1234", "power1_model_number": "7",
        "power1_oem_info": "x", "temp6_label": "empty", "beep_enable": "2",
      ])
    tree.folder("sys/class/hwmon/hwmon0/power")
    #expect(
      read(HwmonSource(root: tree.root)).of("node_hwmon") == [
        #"node_hwmon_chip_names{chip="chip",chip_name="chip"}"#: 1,
        #"node_hwmon_sensor_label{chip="chip",sensor="temp6",label="empty"}"#: 1,
        #"node_hwmon_temp_celsius{chip="chip",sensor="temp1"}"#: -273.15,
        #"node_hwmon_temp_celsius{chip="chip",sensor="temp5"}"#: Double(Int64.max) / 1000,
        #"node_hwmon_beep_enabled{chip="chip",sensor="beep_enable0"}"#: 0,
      ])
  }

  @Test func whatIsCalledInput() {
    chip(
      0,
      [
        "name": "chip", "pwm1": "128", "pwm1_input": "200", "freq1_input": "1500000",
        "freq2_input": "2000000",
        "freq2_label": "S clk",
      ])
    #expect(
      read(HwmonSource(root: tree.root)).of("node_hwmon_").filter {
        !$0.key.contains("_names{") && !$0.key.contains("_label{")
      } == [
        #"node_hwmon_pwm{chip="chip",sensor="pwm1"}"#: 128,
        #"node_hwmon_pwm_input{chip="chip",sensor="pwm1"}"#: 200,
        #"node_hwmon_freq_freq_mhz{chip="chip",sensor="freq1"}"#: 1.5,
        #"node_hwmon_freq_freq_mhz{chip="chip",sensor="s_clk"}"#: 2,
      ])
  }

  @Test func aSensorThatFallsAsleepIsAbsentAndChipsComeAndGo() {
    chip(0, ["name": "a", "temp1_input": "1000", "temp2_input": "2000"], device: "sys/devices/bus/a")
    var source: any Source = HwmonSource(root: tree.root)
    var table = SampleTable()
    func temperatures() -> [Double] {
      clock.advance(seconds: 5)
      return read(&source, &table).of("node_hwmon_temp").values.sorted()
    }
    #expect(temperatures() == [1, 2])
    tree.remove("sys/class/hwmon/hwmon0/temp2_input")
    #expect(temperatures() == [1])
    tree.write("sys/class/hwmon/hwmon0/temp2_input", "4000\n")
    #expect(temperatures() == [1, 4])
    // Another one takes its number.
    for name in ["device", "temp1_input", "temp2_input"] { tree.remove("sys/class/hwmon/hwmon0/\(name)") }
    chip(0, ["name": "b", "temp1_input": "7000"], device: "sys/devices/bus/b")
    #expect(temperatures() == [7])
    #expect(table.shown.of("node_hwmon_temp").keys.first?.contains("bus_b") == true)
  }

  @Test func aPowerSupplysOwnTemperatureIsNotTheChips() {
    let supply = "sys/devices/x/power_supply/BAT0"
    tree.write("\(supply)/temp", "301\n")
    chip(0, ["name": "BAT0", "temp1_input": "30100"], device: supply)
    tree.write("sys/devices/virtual/thermal/thermal_zone0/temp", "20000\n")
    chip(1, ["name": "zone"], device: "sys/devices/virtual/thermal/thermal_zone0")
    #expect(
      read(HwmonSource(root: tree.root)).of("node_hwmon_temp") == [
        #"node_hwmon_temp_celsius{chip="power_supply_bat0",sensor="temp1"}"#: 30.1,
        #"node_hwmon_temp_celsius{chip="thermal_thermal_zone0",sensor="temp0"}"#: 20,
      ])
  }

  @Test func whereNothingCanBeReadTheSourceFails() {
    chip(0, ["name": "a"])
    tree.folder("sys/class/hwmon/hwmon0/temp1_input")
    #expect(
      error(HwmonSource(root: tree.root))
        == .failing(path: tree.path + "/sys/class/hwmon/hwmon0/temp1_input", errno: EISDIR))
    #expect(error(HwmonSource(root: ProcRoot(path: tree.path + "/none")))?.isUnsupportedHere == true)
  }

  // MARK: - The others

  @Test func powerZones() {
    for (folder, name) in [
      ("intel-rapl:0", "package-0"), ("intel-rapl:0:0", "core"), ("intel-rapl:1", "package-1"),
      ("intel-rapl:1:0", "core"), ("intel-rapl:2", "package-2-die-1"), ("intel-rapl:3", "no energy"),
    ] {
      tree.write("sys/class/powercap/\(folder)/name", name + "\n")
      if name != "no energy" { tree.write("sys/class/powercap/\(folder)/energy_uj", "1500000\n") }
    }
    tree.write("sys/class/powercap/intel-rapl/enabled", "1\n")
    #expect(
      read(RaplSource(root: tree.root)) == [
        #"node_rapl_package_joules_total{index="0",path="/sys/class/powercap/intel-rapl:0"}"#: 1.5,
        #"node_rapl_core_joules_total{index="0",path="/sys/class/powercap/intel-rapl:0:0"}"#: 1.5,
        #"node_rapl_package_joules_total{index="1",path="/sys/class/powercap/intel-rapl:1"}"#: 1.5,
        #"node_rapl_core_joules_total{index="1",path="/sys/class/powercap/intel-rapl:1:0"}"#: 1.5,
        #"node_rapl_package_2_die_1_joules_total{index="0",path="/sys/class/powercap/intel-rapl:2"}"#: 1.5,
      ])
  }

  @Test func aWrappedZoneIsShownAsItIs() {
    tree.write("sys/class/powercap/z/name", "core\n")
    var source: any Source = RaplSource(root: tree.root)
    var table = SampleTable()
    for energy in [262_143_328_849, 5, 6] {
      tree.write("sys/class/powercap/z/energy_uj", "\(energy)\n")
      #expect(read(&source, &table).values.first == Double(energy) / 1e6)
    }
  }

  @Test func bonds() {
    tree.write("sys/class/net/bonding_masters", "bond0 bond1 gone\n")
    tree.write("sys/class/net/bond0/bonding/slaves", "a b c\n")
    for (slave, prefix, status) in [("a", "lower", "up"), ("b", "slave", "up"), ("c", "lower", "down")] {
      tree.write("sys/class/net/bond0/\(prefix)_\(slave)/bonding_slave/mii_status", status + "\n")
    }
    tree.write("sys/class/net/bond1/bonding/slaves", "d\n")
    #expect(
      read(BondingSource(root: tree.root)) == [
        #"node_bonding_slaves{master="bond0"}"#: 3, #"node_bonding_active{master="bond0"}"#: 2,
        // How many of them are up is not known.
        #"node_bonding_slaves{master="bond1"}"#: 1,
      ])
    #expect(error(BondingSource(root: ProcRoot(path: tree.path + "/none")))?.isUnsupportedHere == true)
  }

  @Test func aBatteryThatIsTakenOutComesBack() {
    let battery = "sys/class/power_supply/BAT0"
    for (file, text) in ["type": "Battery", "status": "Charging", "capacity": "99", "temp": "-15"] {
      tree.write("\(battery)/\(file)", text + "\n")
    }
    var source: any Source = PowerSupplies.source(root: tree.root)
    var table = SampleTable()
    func info() -> [String] {
      clock.advance(seconds: 5)
      return read(&source, &table).of("node_power_supply_info").keys.sorted()
    }
    #expect(info() == [#"node_power_supply_info{power_supply="BAT0",status="Charging",type="Battery"}"#])
    #expect(table.shown[#"node_power_supply_temp_celsius{power_supply="BAT0"}"#] == -1.5)
    tree.write("\(battery)/status", "Full\n")
    tree.write("\(battery)/health", "Good\n")
    #expect(
      info() == [#"node_power_supply_info{power_supply="BAT0",health="Good",status="Full",type="Battery"}"#])
    tree.write("\(battery)/capacity", "nonsense\n")
    _ = info()
    #expect(table.shown[#"node_power_supply_capacity{power_supply="BAT0"}"#] == nil)
    tree.write("\(battery)/capacity", "50\n")
    _ = info()
    #expect(table.shown[#"node_power_supply_capacity{power_supply="BAT0"}"#] == 50)
  }

  @Test func aControllersStateIsAFact() {
    let files = ["model": "M   ", "serial": "S", "firmware_rev": "F", "state": "live"]
    for (file, text) in files { tree.write("sys/class/nvme/nvme0/\(file)", text + "\n") }
    tree.write("sys/class/nvme/other/model", "x")
    var source: any Source = NVMeControllers.source(root: tree.root)
    var table = SampleTable()
    for state in ["live", "resetting", "live"] {
      tree.write("sys/class/nvme/nvme0/state", state + "\n")
      clock.advance(seconds: 5)
      let labels = #"{device="nvme0",firmware_revision="F",model="M",serial="S",state="\#(state)"}"#
      #expect(read(&source, &table) == ["node_nvme_info" + labels: 1])
    }
    #expect(table.count == 2)
  }

  @Test func memoryWithoutRows() {
    tree.write("sys/devices/system/edac/mc/mc0/ce_count", "3\n")
    tree.write("sys/devices/system/edac/mc/mc0/rank2/dimm_ce_count", "4\n")
    tree.write("sys/devices/system/edac/mc/mc0/rank2/dimm_label", "A1\n")
    tree.write("sys/devices/system/edac/mc/mcx/ce_count", "9\n")
    tree.write("sys/devices/system/edac/mc/power/control", "auto\n")
    #expect(
      read(MemoryControllers.source(root: tree.root)) == [
        #"node_edac_correctable_errors_total{controller="0"}"#: 3,
        #"node_edac_dimm_correctable_errors_total{controller="0",dimm="2",dimm_label="A1"}"#: 4,
      ])
    #expect(
      error(MemoryControllers.source(root: ProcRoot(path: tree.path + "/none")))?.isUnsupportedHere == true)
  }

  @Test func portsWithoutCountersAndCountersWithoutNumbers() {
    tree.write("sys/class/infiniband/irdma0/fw_ver", "1.52\n")
    tree.write("sys/class/infiniband/irdma0/ports/1/state", "4: ACTIVE\n")
    tree.write("sys/class/infiniband/irdma0/ports/1/rate", "25 Gb/sec (1X EDR)\n")
    tree.write("sys/class/infiniband/irdma0/ports/1/counters/link_downed", "N/A (no PMA)\n")
    tree.write("sys/class/infiniband/irdma0/ports/1/counters/port_rcv_data", "25\n")
    let labels = #"{device="irdma0",port="1"}"#
    #expect(
      read(InfiniBandPorts.source(root: tree.root)) == [
        #"node_infiniband_info{board_id="",device="irdma0",firmware_version="1.52",hca_type=""}"#: 1,
        "node_infiniband_state_id" + labels: 4,
        "node_infiniband_rate_bytes_per_second" + labels: 3_125_000_000,
        "node_infiniband_port_data_received_bytes_total" + labels: 100,
      ])
  }

  @Test func drivesOfTape() {
    #expect(
      ["st0", "st12", "nst0", "st0a", "st", "st0l", "sta", "st٣"].filter(Tapes.isDrive) == ["st0", "st12"])
  }

  @Test func everyMetricIsShownAsDeclared() {
    for machine in ["linux-5.10-laptop", "linux-6.1-big-iron"] {
      let root = ProcRoot(path: SamplingFixture.path(machine))
      for kind in SourceCatalogue.hardware {
        var table = SampleTable()
        var source = kind.make(
          SourceContext(root: root, filters: FilterSettings(), calls: SamplingFixture.calls) { 0 })
        _ = read(&source, &table)
        for series in table.descriptors {
          #expect(
            kind.metrics.contains { $0.names(series) },
            "\(kind.name) shows \(series.name), and does not say so")
        }
      }
    }
  }

  // MARK: - Means

  private func chip(_ number: Int, _ files: [String: String], device: String? = nil) {
    for (file, text) in files { tree.write("sys/class/hwmon/hwmon\(number)/\(file)", text + "\n") }
    guard let device else { return }
    tree.folder(device)
    tree.link("sys/class/hwmon/hwmon\(number)/device", to: "../../../../" + device)
  }

  private func read(_ source: some Source) -> [String: Double] {
    var source: any Source = source
    var table = SampleTable()
    return read(&source, &table)
  }

  private func read(_ source: inout any Source, _ table: inout SampleTable) -> [String: Double] {
    var buffer = ReadBuffer()
    table.begin()
    try? source.sample(into: &table, reading: &buffer, at: clock.now)
    return table.shown
  }

  private func error(_ source: some Source) -> KernelError? {
    var source = source
    var table = SampleTable()
    var buffer = ReadBuffer()
    do {
      try source.sample(into: &table, reading: &buffer, at: clock.now)
      return nil
    } catch {
      return error
    }
  }
}

extension KernelError {
  fileprivate var isUnsupportedHere: Bool {
    if case .unsupported = self { return true }
    return false
  }
}

extension Metric {
  /// Whether a series is one of this metric's.
  fileprivate func names(_ series: SeriesDescriptor) -> Bool {
    let head = name.prefix { $0 != "<" }
    let tail = name.contains("<") ? Substring(name.reversed().prefix { $0 != ">" }).reversed() : []
    return series.name.hasPrefix(head) && series.name.hasSuffix(String(tail))
      && (name.contains("<") || series.name == name) && series.kind == kind && series.divisor == divisor
      && series.multiplier == multiplier && series.labels.allSatisfy { labels.contains($0.name) }
  }
}
