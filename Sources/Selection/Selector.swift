public import Wire

/// Which hosts are meant: a comma-separated list of conditions that must all hold.
///
///     env=prod          the label has this value; * stands for anything: env=prod-*
///     role!=db          the label has another value, or is absent
///     rack              the label is present
///     !rack             the label is absent
///
/// The empty selector is the whole fleet. `instance` and `host_id` are labels of every host.
public struct Selector: Hashable, Sendable {
  /// The longest selector that is read, in bytes.
  public static let maximumLength = 4096
  /// The most conditions one selector may have.
  public static let maximumConditions = 64

  struct Condition: Hashable, Sendable {
    enum Test: Hashable, Sendable {
      case equals(Wildcard)
      case differs(Wildcard)
      case present
      case absent
    }
    let label: String
    let test: Test
  }

  let conditions: [Condition]

  /// Reads a selector; the error points at the part that cannot be read.
  public init(parsing text: String) throws(SelectionError) {
    conditions = try SelectorParser(text).conditions()
  }

  /// Whether a host of this id, instance name and these labels is selected.
  public func matches(hostID: String, instance: String, labels: [Label]) -> Bool {
    conditions.allSatisfy { condition in
      let value: String? =
        switch condition.label {
        case "instance": instance
        case "host_id": hostID
        default: labels.first { $0.name == condition.label }?.value
        }
      return condition.test.holds(for: value)
    }
  }
}

extension Selector.Condition.Test {
  fileprivate func holds(for value: String?) -> Bool {
    switch self {
    case .equals(let wanted): value.map(wanted.matches) ?? false
    case .differs(let unwanted): !(value.map(unwanted.matches) ?? false)
    case .present: value != nil
    case .absent: value == nil
    }
  }
}
