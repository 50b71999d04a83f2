public import GRPC

extension SeriesDescriptor {
  /// Throws INVALID_ARGUMENT if name or labels are not what the Prometheus data model allows, exceed
  /// `MessageLimits`, or a label comes twice. Label names that begin with `__` are reserved.
  public func validate() throws(Status) {
    guard Self.isName(name), name.utf8.count <= MessageLimits.nameBytes else {
      throw Status(.invalidArgument, "\"\(name)\" is not a metric name: [a-zA-Z_:][a-zA-Z0-9_:]*")
    }
    guard unit.utf8.count <= MessageLimits.unitBytes else {
      throw Status(.invalidArgument, "the unit of \(name) is longer than \(MessageLimits.unitBytes) bytes")
    }
    try labels.validate(of: name)
  }
}

extension [Label] {
  /// Throws INVALID_ARGUMENT if these can't be the labels of one series or host.
  func validate(of owner: String) throws(Status) {
    guard count <= MessageLimits.labels else {
      throw Status(.invalidArgument, "\(owner) has \(count) labels; \(MessageLimits.labels) are allowed")
    }
    for (index, label) in enumerated() {
      guard Label.isName(label.name), label.name.utf8.count <= MessageLimits.nameBytes else {
        throw Status(
          .invalidArgument, "\"\(label.name)\" of \(owner) is not a label name: [a-zA-Z_][a-zA-Z0-9_]*")
      }
      guard !label.name.utf8.starts(with: "__".utf8) else {
        throw Status(.invalidArgument, "label \(label.name) of \(owner): names with __ are reserved")
      }
      guard label.value.utf8.count <= MessageLimits.labelValueBytes else {
        throw Status(
          .invalidArgument,
          "the value of \(label.name) of \(owner) is longer than \(MessageLimits.labelValueBytes) bytes")
      }
      guard !self[..<index].contains(where: { $0.name == label.name }) else {
        throw Status(.invalidArgument, "label \(label.name) of \(owner) comes twice")
      }
    }
  }
}

extension Label {
  /// Whether this is a label name by the Prometheus data model: `[a-zA-Z_][a-zA-Z0-9_]*`.
  public static func isName(_ text: String) -> Bool { text.isName(colons: false) }
}

extension SeriesDescriptor {
  /// Whether this is a metric name by the Prometheus data model: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
  public static func isName(_ text: String) -> Bool { text.isName(colons: true) }
}

extension String {
  fileprivate func isName(colons: Bool) -> Bool {
    var first = true
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
        break
      case UInt8(ascii: "0")...UInt8(ascii: "9") where !first: break
      case UInt8(ascii: ":") where colons: break
      default: return false
      }
      first = false
    }
    return !first
  }
}
