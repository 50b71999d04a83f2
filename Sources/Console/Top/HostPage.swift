import Wire

/// The page of one open host: who it is, its processors, memory, disks, file systems and interfaces.
struct HostPage {
  let view: TopView
  let model: TopModel
  let hostID: String

  private var style: Style { view.style }

  var lines: [String] {
    guard let host = model.host(hostID) else { return ["this host is no longer known to the aggregator"] }
    guard let detail = model.detail, detail.timeMicroseconds > 0 else {
      return identity(host) + ["", style.dim("waiting for a frame…")]
    }
    let sections = [
      identity(host), processors(host, detail), memory(detail), pressure(host),
      table(disks(detail)), table(fileSystems(detail)), table(interfaces(detail)), processes(host, detail),
    ]
    return Array(sections.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  private func identity(_ host: HostInfo) -> [String] {
    let labels = host.labelTexts.joined(separator: " ")
    var facts = ["\(host.operatingSystem) \(host.kernelRelease) \(host.architecture)"]
    facts.append("collector \(host.collectorVersion)")
    facts.append(interval(host))
    if host.hasConfig { facts.append("config \(host.configText)") }
    if host.connectedSinceMicroseconds > 0 {
      let since = max(0, view.now + model.clockOffset - host.connectedSinceMicroseconds)
      facts.append("connected for \(Units.duration(microseconds: since))")
    }
    var stream = "frames \(host.frames), missing \(host.missingFrames), duplicates \(host.duplicateFrames)"
    stream += ", lag \(Units.duration(microseconds: host.lagMicroseconds))"
    stream += ", clock off by \(Units.duration(microseconds: host.clockOffsetMicroseconds))"
    return [
      style.bold(host.instance.printable) + "  " + host.state.word
        + (labels.isEmpty ? "" : "  " + labels.printable),
      facts.joined(separator: ", ").printable.cut(to: view.size.columns),
      style.dim(stream.cut(to: view.size.columns)),
    ]
  }

  /// `every 1s, raised from 10s while it is open`
  private func interval(_ host: HostInfo) -> String {
    let now = "every \(DurationArgument(milliseconds: host.intervalMilliseconds).text)"
    guard let before = model.detail?.intervalBefore, before > host.intervalMilliseconds else { return now }
    return now + ", raised from \(DurationArgument(milliseconds: before).text) while it is open"
  }

  // MARK: Processors, memory, pressure

  private func processors(_ host: HostInfo, _ detail: HostDetail) -> [String] {
    let modes = detail.rates("node_cpu_seconds_total", by: "mode")
    let total = modes.values.reduce(0, +)
    func share(_ mode: String) -> String { Units.percent((modes[mode] ?? .nan) / total) }
    let width = max(10, min(60, view.size.columns - 24))
    let history = Sparkline.draw(
      host.figures.cpuHistory.map(Double.init), maximum: 1, width: width, unicode: view.unicode)
    return [
      style.bold("CPU   ") + Units.percent(host.figures.cpuBusyRatio).fitted(to: 6, alignment: .right) + "  "
        + style.cyan(history),
      "      user \(share("user"))  system \(share("system"))  iowait \(share("iowait"))  "
        + "steal \(share("steal"))  irq \(share("softirq"))",
      "      load \(Units.fixed(detail.value("node_load1"), 2)) "
        + "\(Units.fixed(detail.value("node_load5"), 2)) \(Units.fixed(detail.value("node_load15"), 2)) "
        + "on \(host.figures.cpus) cpus, running \(Units.fixed(detail.value("node_procs_running"), 0)), "
        + "blocked \(Units.fixed(detail.value("node_procs_blocked"), 0)), "
        + "switches \(Units.count(detail.rate("node_context_switches_total")))/s, "
        + "forks \(Units.count(detail.rate("node_forks_total")))/s",
    ]
  }

  private func memory(_ detail: HostDetail) -> [String] {
    func memory(_ field: String) -> Double { detail.value("node_memory_\(field)_bytes") }
    let total = memory("MemTotal")
    let used = total - memory("MemAvailable")
    let swapTotal = memory("SwapTotal")
    let swap =
      swapTotal > 0 ? "\(Units.bytes(swapTotal - memory("SwapFree"))) of \(Units.bytes(swapTotal))" : "none"
    return [
      style.bold("MEM   ") + Units.percent(used / total).fitted(to: 6, alignment: .right) + "  "
        + bar(used / total)
        + "  \(Units.bytes(used)) of \(Units.bytes(total))",
      "      cached \(Units.bytes(memory("Cached")))  buffers \(Units.bytes(memory("Buffers")))  "
        + "dirty \(Units.bytes(memory("Dirty")))  slab \(Units.bytes(memory("Slab")))  swap \(swap)",
    ]
  }

  private func pressure(_ host: HostInfo) -> [String] {
    let vitals = host.figures
    return [
      style.bold("PSI   ") + "cpu \(Units.percent(vitals.pressureCPURatio))  "
        + "memory \(Units.percent(vitals.pressureMemoryRatio))  io \(Units.percent(vitals.pressureIORatio))"
    ]
  }

  private func bar(_ ratio: Double) -> String {
    let width = max(10, min(40, view.size.columns - 40))
    let filled = ratio.isFinite ? Int((min(max(ratio, 0), 1) * Double(width)).rounded()) : 0
    let (full, empty) = view.unicode ? ("█", "░") : ("#", ".")
    let text = String(repeating: full, count: filled) + String(repeating: empty, count: width - filled)
    return style.graded(text, ratio, warn: 0.8, alarm: 0.95)
  }

  // MARK: Tables

  private func disks(_ detail: HostDetail) -> TextTable? {
    let read = detail.rates("node_disk_read_bytes_total", by: "device")
    let written = detail.rates("node_disk_written_bytes_total", by: "device")
    let busy = detail.rates("node_disk_io_time_seconds_total", by: "device")
    let reads = detail.rates("node_disk_reads_completed_total", by: "device")
    let writes = detail.rates("node_disk_writes_completed_total", by: "device")
    guard !read.isEmpty else { return nil }
    var table = TextTable([
      .init("DISK"), .init("READ/s", .right), .init("WRITE/s", .right), .init("READS/s", .right),
      .init("WRITES/s", .right), .init("BUSY", .right),
    ])
    for device in read.keys.sorted() {
      table.add([
        device, Units.bytes(read[device] ?? .nan), Units.bytes(written[device] ?? .nan),
        Units.count(reads[device] ?? .nan), Units.count(writes[device] ?? .nan),
        Units.percent(min(busy[device] ?? .nan, 1)),
      ])
    }
    return table
  }

  private func fileSystems(_ detail: HostDetail) -> TextTable? {
    let sizes = detail.rows("node_filesystem_size_bytes", by: "mountpoint")
    guard !sizes.isEmpty else { return nil }
    let available = Dictionary(
      detail.rows("node_filesystem_avail_bytes", by: "mountpoint").map { ($0.key, $0.series.value) },
      uniquingKeysWith: { first, _ in first })
    var table = TextTable([
      .init("FILE SYSTEM"), .init("SIZE", .right), .init("AVAILABLE", .right), .init("USED", .right),
    ])
    for (mount, series) in sizes.sorted(by: { $0.key < $1.key }) {
      let free = available[mount] ?? .nan
      table.add([
        mount, Units.bytes(series.value), Units.bytes(free),
        Units.percent((series.value - free) / series.value),
      ])
    }
    return table
  }

  private func interfaces(_ detail: HostDetail) -> TextTable? {
    let received = detail.rates("node_network_receive_bytes_total", by: "device")
    let sent = detail.rates("node_network_transmit_bytes_total", by: "device")
    let receivedPackets = detail.rates("node_network_receive_packets_total", by: "device")
    let sentPackets = detail.rates("node_network_transmit_packets_total", by: "device")
    guard !received.isEmpty else { return nil }
    var table = TextTable([
      .init("INTERFACE"), .init("RX/s", .right), .init("TX/s", .right), .init("RX packets/s", .right),
      .init("TX packets/s", .right),
    ])
    for device in received.keys.sorted() {
      table.add([
        device, Units.bytes(received[device] ?? .nan), Units.bytes(sent[device] ?? .nan),
        Units.count(receivedPackets[device] ?? .nan), Units.count(sentPackets[device] ?? .nan),
      ])
    }
    return table
  }

  // MARK: Processes

  private func processes(_ host: HostInfo, _ detail: HostDetail) -> [String] {
    guard let list = detail.processes else { return [] }
    let known = [HostProcesses(hostID: host.hostID, instance: host.instance, processes: list)]
    // By the host's clock.
    let now = view.now + model.clockOffset - host.clockOffsetMicroseconds
    let look = ProcessesTable(now: now, hasUnits: list.processes.contains { !$0.unit.isEmpty })
    var table = TextTable(look.columns)
    for (_, process) in known.ranked(by: .cpu, \.processes) { table.add(look.cells(process)) }
    let lines = self.table(table).map { $0.cut(to: view.size.columns) }
    let age = Units.duration(microseconds: max(0, now - list.timeMicroseconds))
    return lines + [style.dim("of \(Units.counted(Int(list.total), "process", "processes")), \(age) ago")]
  }

  private func table(_ table: TextTable?) -> [String] {
    guard let table else { return [] }
    return table.text(style: style).split(separator: "\n").map(String.init)
  }
}
