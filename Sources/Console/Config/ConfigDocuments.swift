import Wire

/// A config document as `--output json` shows it.
struct ConfigDocumentDocument: Encodable {
  let version: UInt64
  let selector: String
  let sha256: String
  let author: String
  let message: String
  let createdUs: Int64
  let current: Bool
  let quarantined: String?
  let yaml: String?

  init(_ document: ConfigDocument) {
    version = document.version
    selector = document.selector
    sha256 = HashText.hexadecimal(document.sha256)
    author = document.author
    message = document.message
    createdUs = document.createdMicroseconds
    current = document.current
    quarantined = document.quarantined.nonEmpty
    yaml = document.yaml.nonEmpty
  }
}

/// A host's config and where it comes from.
struct ExplanationDocument: Encodable {
  let hostId: String
  let instance: String
  let version: UInt64?
  let sha256: String?
  let runningSha256: String?
  let state: String?
  let reason: String?
  let problems: [ProblemDocument]
  let layers: [Layer]
  let values: [Value]

  struct Layer: Encodable {
    let selector: String
    let version: UInt64
    let rollout: UInt64?
  }

  struct Value: Encodable {
    let key: String
    let value: String
    let version: UInt64
    let selector: String
    let hides: [String]
  }

  init(_ answer: ExplainConfigResponse) {
    hostId = answer.hostID
    instance = answer.instance
    version = answer.version == 0 ? nil : answer.version
    sha256 = HashText.hexadecimal(answer.sha256).nonEmpty
    runningSha256 = HashText.hexadecimal(answer.runningSHA256).nonEmpty
    state = answer.status.state == .unknown ? nil : answer.status.state.word.snakeCased
    reason = answer.status.reason.nonEmpty
    problems = answer.status.problems.map(ProblemDocument.init)
    layers = answer.layers.map {
      Layer(selector: $0.selector, version: $0.version, rollout: $0.rollout == 0 ? nil : $0.rollout)
    }
    values = answer.values.map {
      Value(
        key: $0.key, value: $0.value, version: $0.version, selector: $0.selector, hides: $0.hides)
    }
  }
}

/// What is wrong with a value.
struct ProblemDocument: Encodable {
  let key: String
  let message: String

  init(_ problem: ConfigProblem) {
    key = problem.key
    message = problem.message
  }
}

/// What a config would do to a host.
struct PlanReportDocument: Encodable {
  let seriesNow: UInt32
  let seriesThen: UInt32
  let bytesPerSecondNow: Double?
  let bytesPerSecondThen: Double?
  let cpuRatioNow: Double?
  let cpuRatioThen: Double?
  let unreadable: [ProblemDocument]
  let refused: [ProblemDocument]
  let changes: [String]

  init(_ report: PlanReport) {
    seriesNow = report.seriesNow
    seriesThen = report.seriesThen
    bytesPerSecondNow = report.bytesPerSecondNow.finite
    bytesPerSecondThen = report.bytesPerSecondThen.finite
    cpuRatioNow = report.cpuRatioNow.finite
    cpuRatioThen = report.cpuRatioThen.finite
    unreadable = report.unreadable.map(ProblemDocument.init)
    refused = report.refused.map(ProblemDocument.init)
    changes = report.changes
  }
}

/// A host's line of `muster config plan --output json`.
struct PlanDocument: Encodable {
  let hostId: String
  let instance: String
  let report: PlanReportDocument?
  let problem: String?

  init(_ update: PlanUpdate) {
    hostId = update.hostID
    instance = update.instance
    report = update.report.map(PlanReportDocument.init)
    problem = update.problem.nonEmpty
  }
}

/// A host's line of `muster config status --output json`.
struct HostConfigDocument: Encodable {
  let hostId: String
  let instance: String
  let hostState: String
  let configState: String
  let configVersion: UInt64?
  let runningSha256: String?

  init(_ host: HostInfo) {
    hostId = host.hostID
    instance = host.instance
    hostState = host.state.word
    configState = host.configState.word.snakeCased
    configVersion = host.configVersion == 0 ? nil : host.configVersion
    runningSha256 = HashText.hexadecimal(host.configSHA256).nonEmpty
  }
}
