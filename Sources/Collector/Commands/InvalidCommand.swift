import Logging
import Wire

/// Why a command is not begun: a sentence for who gave it.
struct InvalidCommand: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}

extension TopProcessesAction {
  /// With what stands for nothing said filled in.
  func checked() throws(InvalidCommand) -> TopProcessesAction {
    guard count <= 100 else { throw InvalidCommand("count is \(count); 1 to 100 processes are shown") }
    guard windowMilliseconds == 0 || 100...10_000 ~= windowMilliseconds else {
      throw InvalidCommand("the window is \(windowMilliseconds) ms; 100 to 10000 ms are measured over")
    }
    var checked = self
    if count == 0 { checked.count = 10 }
    if windowMilliseconds == 0 { checked.windowMilliseconds = 1000 }
    return checked
  }
}

extension SetResolutionAction {
  func checked() throws(InvalidCommand) -> SetResolutionAction {
    guard intervalMilliseconds == 0 || 100...60_000 ~= intervalMilliseconds else {
      throw InvalidCommand("the interval is \(intervalMilliseconds) ms; 100 to 60000 ms can be had")
    }
    guard leaseMilliseconds == 0 || 1000...3_600_000 ~= leaseMilliseconds else {
      throw InvalidCommand("the lease is \(leaseMilliseconds) ms; 1000 to 3600000 ms are granted")
    }
    return self
  }
}

extension LogLevelAction {
  func checked() throws(InvalidCommand) -> LogLevelAction {
    guard level.isEmpty || Logger.Level(rawValue: level) != nil else {
      let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw InvalidCommand("there is no log level \"\(level)\"; there are \(levels)")
    }
    guard leaseMilliseconds == 0 || 1000...86_400_000 ~= leaseMilliseconds else {
      throw InvalidCommand("the lease is \(leaseMilliseconds) ms; 1000 to 86400000 ms are granted")
    }
    return self
  }
}
