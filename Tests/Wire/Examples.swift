@testable import Wire

/// One of every message, with every field set.
enum Example {
  static let labels = [Label("env", "prod"), Label("größe", "🦫 \"quoted\"\n")]

  static let hello = Hello(
    hostID: hostID, bootID: bootID, epoch: 3, instance: "web-1", labels: labels, operatingSystem: "Linux",
    kernelRelease: "6.1.0-28-amd64", architecture: "x86_64", collectorVersion: "0.1.0",
    intervalMilliseconds: 5000, wallTimeMicroseconds: -1, capabilities: ["ping", "config"],
    forbiddenCommands: ["shutdown"], configStatus: configStatus, machineSHA256: .sha256(7),
    rekeyedFrom: String(hostID.reversed()))

  static let heartbeat = Heartbeat(
    id: .max, wallTimeMicroseconds: .min, clockOffsetMicroseconds: -17, roundTripMicroseconds: 900,
    framesCollected: 10, framesAcknowledged: 6, framesBuffered: 3, framesDropped: 1,
    intervalMilliseconds: 100,
    shedding: "the recorder is off"
  )

  static let vitals: Vitals = {
    var vitals = Vitals()
    vitals.cpuBusyRatio = 0.25
    vitals.memoryUsedRatio = 0.5
    vitals.load1 = 1.75
    vitals.diskReadBytesPerSecond = 1
    vitals.diskWrittenBytesPerSecond = 2
    vitals.networkReceiveBytesPerSecond = 3
    vitals.networkTransmitBytesPerSecond = 4
    vitals.pressureCPURatio = 0.01
    vitals.pressureMemoryRatio = 0
    vitals.pressureIORatio = .infinity
    vitals.cpuHistory = [0, 0.5, 1]
    vitals.cpus = 8
    vitals.memoryTotalBytes = 0x1p34
    return vitals
  }()

  static let host: HostInfo = {
    var host = HostInfo(hostID: hostID, instance: "web-1")
    host.labels = labels
    host.bootID = bootID
    host.epoch = 3
    host.operatingSystem = "Linux"
    host.kernelRelease = "6.1"
    host.architecture = "aarch64"
    host.collectorVersion = "0.1.0"
    host.state = .stale
    host.connectedSinceMicroseconds = 1
    host.lastFrameMicroseconds = 2
    host.lagMicroseconds = -3
    host.shedding = "the recorder is off"
    host.clockOffsetMicroseconds = -4
    host.intervalMilliseconds = 5
    host.series = 6
    host.frames = 7
    host.duplicateFrames = 8
    host.missingFrames = 9
    host.bufferedFrames = 10
    host.droppedFrames = 11
    host.vitals = vitals
    host.goodbyeReason = "SIGTERM"
    host.address = "[::1]:40000"
    host.configSHA256 = .sha256(3)
    host.configVersion = 12
    host.configState = .applied
    host.forbiddenCommands = ["shutdown", "reconnect"]
    host.clonedFrom = "fedc"
    host.configLabels = [Label("team", "web")]
    return host
  }()

  static let sample = Sample(
    name: "node_load1", labels: labels, kind: .gauge, unit: "seconds", value: -0.5)

  static let tail = TailUpdate(
    hostID: hostID, instance: "web-1",
    newSeries: [TailSeries(name: "up", labels: labels, kind: .counter, unit: "bytes")],
    frames: [TailFrame(timeMicroseconds: 5, series: [0, 300], values: [1.5, -2])], skippedFrames: 4)
}

extension Example {
  static let configStatus = ConfigStatus(
    sha256: .sha256(1), version: 12, state: .rolledBack, reason: "ended before it was confirmed",
    problems: [ConfigProblem(key: "sources.netdev", message: "not read here")], runningSHA256: .sha256(2))

  static let command = Command(
    id: "17-web-1", timeToLiveMilliseconds: 1, timeoutMilliseconds: 2, outputLimitBytes: 3,
    idempotencyKey: "deploy-4711", role: .operate, action: .reload)

  static let actions: [Action] = [
    .ping, .sampleNow(pattern: "node_*"),
    .topProcesses(TopProcessesAction(count: 1, order: .io, windowMilliseconds: 2)), .diskUsage,
    .setResolution(SetResolutionAction(intervalMilliseconds: 1, leaseMilliseconds: 2, holder: "viewers")),
    .recorder(lastMilliseconds: 60_000), .reload,
    .logLevel(LogLevelAction(level: "debug", leaseMilliseconds: 1)), .selfCheck, .diagnostics, .reconnect,
    .shutdown, .planConfig([0, 1, 255]),
  ]

  static let process = ProcessInfo(
    pid: 1, name: "systemd", commandLine: "/sbin/init splash", user: "root", cpuRatio: 1.5, residentBytes: 2,
    readBytesPerSecond: 3, writtenBytesPerSecond: 4, threads: 5, state: "S", startedMicroseconds: -6,
    unit: "init.scope")

  static let processes = ProcessList(
    timeMicroseconds: 1, processes: [process, process], total: 2, examined: 3, windowMilliseconds: 4, top: 5,
    grouping: .unit,
    groups: [
      ProcessGroup(
        name: "web.service", processes: 1, threads: 2, cpuRatio: 0.5, residentBytes: 3, readBytesPerSecond: 4,
        writtenBytesPerSecond: 5)
    ], groupTotal: 6)

  static let mount = MountUsage(
    mountPoint: "/srv/größe", device: "/dev/sda1", type: "ext4", sizeBytes: 1, usedBytes: 2,
    availableBytes: 3, inodes: 4, inodesUsed: 5, problem: "stuck for 12 s", readOnly: true)

  static let plan = PlanReport(
    seriesNow: 1, seriesThen: 2, bytesPerSecondNow: 3, bytesPerSecondThen: 4, cpuRatioNow: 0.5,
    cpuRatioThen: 0.25, unreadable: [ConfigProblem(key: "sources.pressure_irq", message: "no such file")],
    refused: [ConfigProblem(key: "interval", message: "less than remote.minimum_interval")],
    changes: ["interval: 5s -> 1s", "recorder: on -> off"])

  static let contents: [CommandOutput.Content] = [
    .text("web-1 is alive"),
    .samples(
      CommandSamples(
        timeMicroseconds: 1, samples: [CommandSample(name: "node_load1", labels: labels, value: -0.5)])),
    .processes(processes), .disks(DiskUsageList(mounts: [mount])),
    .recorder(RecorderPart(frames: [[1, 2, 3], [], [0]], minutes: [processes])),
    .selfCheck(
      SelfCheckReport(lines: [
        SelfCheckLine(
          subject: "stat", state: "denied", detail: "run it as root", readMicroseconds: 4, series: 5)
      ])),
    .diagnostics(DiagnosticsPart(name: "settings.yaml", content: [0, 0xFF])), .plan(plan),
  ]

  static let outputs = contents.enumerated().map {
    CommandOutput(id: "17-web-1", part: UInt32($0.offset + 1), content: $0.element)
  }

  static let result = CommandResult(
    id: "17-web-1", outcome: .timedOut, reason: "no answer for 30 s", durationMicroseconds: .max, parts: 2,
    bytesCut: 3)

  static let config = CollectorConfig(
    schema: 1, intervalMilliseconds: 1000,
    sources: [
      SourceConfig(name: "diskstats", enabled: .off, intervalMilliseconds: 15_000),
      SourceConfig(name: "filesystem", enabled: .on, intervalMilliseconds: 60_000),
    ],
    filters: [
      FilterConfig(name: "mount_points", include: ["/", "/srv/*"], exclude: ["/mnt/*"]),
      FilterConfig(name: "network_interfaces", exclude: ["docker*", "veth*"]),
    ], labels: [Label("rack", "7"), Label("team", "web")], bufferBytes: 4 << 20, bufferFrames: 1000,
    cpuBudgetRatio: 0.02, memoryBudgetBytes: 32 << 20, bytesPerSecondBudget: 4096, logLevel: "info",
    heartbeatIntervalMilliseconds: 10_000, recorder: .on)

  static let rolloutPlan = RolloutPlan(
    waves: ["1", "25%", "100%"], soakMilliseconds: 1, noSoak: true,
    gates: Gates(verifiedRatio: 0.9, failingSources: -1, cpuFactor: 2, memoryFactor: 3, silentRatio: 0.1),
    hostTimeoutMilliseconds: 2, confirmWithinMilliseconds: 3)

  static let rollout = Rollout(
    id: 4, version: 12, previousVersion: 11, selector: "env=prod", sha256: .sha256(12), state: .rollingBack,
    reason: "gate failing_sources: web-1 has 1 more", wave: 1, waveHosts: [1, 5, 100_000],
    counts: [RolloutCount(state: .verified, hosts: 3), RolloutCount(state: .failed, hosts: 1)],
    createdMicroseconds: 1, endedMicroseconds: 2, soakUntilMicroseconds: 3, author: "ada@desk",
    message: "faster disks",
    troubled: [
      RolloutHost(hostID: hostID, instance: "web-1", wave: 1, state: .failed, reason: "no such source")
    ], history: ["wave 1: 1 host verified in 1.2 s"], plan: rolloutPlan, serverTimeMicroseconds: 4)

  static let document = ConfigDocument(
    version: 12, selector: "env=prod", sha256: .sha256(1), yaml: "interval: 5s\n", author: "ada@desk",
    message: "faster disks", createdMicroseconds: 1, quarantined: "went wrong", current: true)
}
