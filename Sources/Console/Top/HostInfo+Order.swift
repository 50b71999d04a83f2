import Wire

extension HostInfo {
  /// Whether the name, the state or a label contains a text in lower case.
  func matches(_ wanted: String) -> Bool {
    instance.lowercased().contains(wanted) || state.word.contains(wanted)
      || labelTexts.contains { $0.lowercased().contains(wanted) }
  }

  /// Negative, zero or positive; what is not known is less than everything.
  func compare(_ other: HostInfo, by key: SortKey) -> Int {
    func order<T: Comparable>(_ value: (HostInfo) -> T) -> Int {
      let (a, b) = (value(self), value(other))
      return a < b ? -1 : b < a ? 1 : 0
    }
    func known(_ value: Double) -> Double { value.isFinite ? value : -1 }
    switch key {
    case .host: return order(\.instance)
    case .state: return order { $0.state.rawValue }
    case .cpu: return order { known($0.figures.cpuBusyRatio) }
    case .memory: return order { known($0.figures.memoryUsedRatio) }
    case .load: return order { known($0.figures.load1) }
    case .disk:
      return order { known($0.figures.diskReadBytesPerSecond) + known($0.figures.diskWrittenBytesPerSecond) }
    case .network:
      return order {
        known($0.figures.networkReceiveBytesPerSecond) + known($0.figures.networkTransmitBytesPerSecond)
      }
    case .pressure:
      return order {
        max(
          known($0.figures.pressureCPURatio), known($0.figures.pressureMemoryRatio),
          known($0.figures.pressureIORatio))
      }
    // The older the last frame, the greater the age.
    case .age: return order { -$0.lastFrameMicroseconds }
    }
  }
}
