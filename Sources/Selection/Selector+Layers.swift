/// What layers of configuration need to know of a selector.
extension Selector {
  /// The selector in one way of writing: conditions sorted, no spaces. Two selectors that say the same
  /// conditions have the same text; empty: the whole fleet.
  public var canonicalText: String {
    Set(conditions.map(\.text)).sorted().joined(separator: ",")
  }

  /// How many conditions must hold.
  public var conditionCount: Int { Set(conditions).count }

  /// Whether it names one host: a single `instance=` or `host_id=` without a `*`.
  public var namesOneHost: Bool {
    guard conditions.count == 1, let condition = conditions.first, case .equals(let wanted) = condition.test
    else { return false }
    return (condition.label == "instance" || condition.label == "host_id") && !wanted.text.contains("*")
  }
}

extension Selector.Condition {
  fileprivate var text: String {
    switch test {
    case .equals(let value): "\(label)=\(value.text)"
    case .differs(let value): "\(label)!=\(value.text)"
    case .present: label
    case .absent: "!\(label)"
    }
  }
}
