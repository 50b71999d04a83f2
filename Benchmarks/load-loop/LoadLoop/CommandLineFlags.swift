/// A command line that cannot be understood.
public struct UsageError: Error, CustomStringConvertible {
  /// Why, in a few words.
  public let description: String

  /// A command line that is wrong for this reason.
  public init(_ reason: String) { description = reason }
}

/// The mode that the first word names, and the flags behind it, each with a value.
public func readCommandLine<Mode: RawRepresentable<String>>(
  _ arguments: [String]
) throws -> (mode: Mode, flags: [(name: String, value: String)]) {
  guard let mode = arguments.first.flatMap(Mode.init(rawValue:)) else { throw UsageError("which mode?") }
  var flags: [(name: String, value: String)] = []
  var rest = arguments.dropFirst()
  while let name = rest.popFirst() {
    guard let value = rest.popFirst() else { throw UsageError("\(name) has no value") }
    flags.append((name, value))
  }
  return (mode, flags)
}

/// The value of a flag that is a number above 0.
public func number<Number: FixedWidthInteger>(_ name: String, _ value: String) throws -> Number {
  guard let number = Number(value), number > 0 else { throw UsageError("\(name) \(value) is no count") }
  return number
}
