internal import CProtobufC
internal import GRPC

/// What a series counts or measures.
public enum MetricKind: Int, Sendable, CaseIterable {
  /// Nobody knows.
  case untyped = 0
  /// Only grows, and starts from 0 when its source starts anew.
  case counter = 1
  /// Goes up and down.
  case gauge = 2
}

extension MetricKind: WireEnum {
  typealias Packed = Muster__V1__MetricKind
  static var unheard: MetricKind { .untyped }
}

/// How the raw 64 bits of a sample are meant.
public enum ValueType: Int, Sendable, CaseIterable {
  /// An exact integer; what is shown is `raw * multiplier / divisor`.
  case integer = 0
  /// The bit pattern of a double.
  case double = 1

  init(_ packed: Muster__V1__ValueType) throws(Status) {
    guard let type = ValueType(rawValue: Int(packed.rawValue)) else {
      throw Status(.invalidArgument, "value type \(packed.rawValue) is not known here")
    }
    self = type
  }

  var packed: Muster__V1__ValueType { Muster__V1__ValueType(rawValue: numericCast(rawValue)) }
}

/// A series as a stream's dictionary describes it: identity, and how its raw values are to be read.
public struct SeriesDescriptor: Hashable, Sendable {
  /// The metric's name, `[a-zA-Z_:][a-zA-Z0-9_:]*`.
  public var name: String
  /// Its labels, without those of the host. Together with the name they are the series' identity.
  public var labels: [Label]
  /// Counter, gauge, or unknown.
  public var kind: MetricKind
  /// Integer or double.
  public var type: ValueType
  /// The base unit of what is shown, "seconds", "bytes", "ratio"; empty if there is none.
  public var unit: String
  /// Raw integers are multiplied by this …
  public var multiplier: UInt32
  /// … and divided by this. 0 stands for 1 in both.
  public var divisor: UInt32

  /// A descriptor of these parts. `node_cpu_seconds_total` counts ticks: divisor 100;
  /// `node_memory_MemFree_bytes` is read in KiB: multiplier 1024.
  public init(
    _ name: String, labels: [Label] = [], kind: MetricKind, type: ValueType = .integer, unit: String = "",
    multiplier: UInt32 = 1, divisor: UInt32 = 1
  ) {
    self.name = name
    self.labels = labels
    self.kind = kind
    self.type = type
    self.unit = unit
    self.multiplier = multiplier
    self.divisor = divisor
  }

  /// What is shown for a raw value: the one place that says how raw values are read.
  ///
  /// The product is exact as long as it fits in 64 bits, and the quotient is then rounded once, so that
  /// 12345 ticks of divisor 100 are the double nearest to 123.45, as node_exporter prints it.
  @inlinable
  public func value(ofRaw raw: Int64) -> Double {
    if type == .double { return Double(bitPattern: UInt64(bitPattern: raw)) }
    let (product, overflow) = raw.multipliedReportingOverflow(by: Int64(max(multiplier, 1)))
    let numerator = overflow ? Double(raw) * Double(multiplier) : Double(product)
    return divisor > 1 ? numerator / Double(divisor) : numerator
  }
}

extension SeriesDescriptor: WireMessage {
  static func prepare(_ packed: UnsafeMutablePointer<Muster__V1__SeriesDescriptor>) {
    muster__v1__series_descriptor__init(packed)
  }

  init(_ packed: Muster__V1__SeriesDescriptor) throws(Status) {
    self.init(
      try text(packed.name, "metric name", MessageLimits.nameBytes),
      labels: try list(packed.labels, packed.n_labels, "labels of a series", MessageLimits.labels),
      kind: MetricKind(packed.kind), type: try ValueType(packed.type),
      unit: try text(packed.unit, "unit", MessageLimits.unitBytes),
      multiplier: max(packed.multiplier, 1), divisor: max(packed.divisor, 1))
  }

  func fill(_ packed: inout Muster__V1__SeriesDescriptor, _ arena: Arena) {
    packed.name = arena.text(name)
    (packed.n_labels, packed.labels) = arena.list(labels)
    packed.kind = kind.packed
    packed.type = type.packed
    packed.unit = arena.text(unit)
    // 1 is what the absent field stands for, and costs no byte.
    packed.multiplier = multiplier > 1 ? multiplier : 0
    packed.divisor = divisor > 1 ? divisor : 0
  }
}
