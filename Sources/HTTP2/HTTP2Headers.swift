/// One header field; the name in lower case.
public struct HTTP2Field: Hashable, Sendable {
  /// The name, with a leading colon for pseudo-headers.
  public var name: String
  /// The value.
  public var value: String

  /// A field of a name and a value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A header list: fields in the order they travel. Lists are short, so looking up is a walk.
public struct HTTP2Headers: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// The fields.
  public var fields: [HTTP2Field]

  /// A list of fields.
  public init(_ fields: [HTTP2Field] = []) {
    self.fields = fields
  }

  /// `[":status": "200", "content-type": "application/grpc"]`, in that order.
  public init(dictionaryLiteral pairs: (String, String)...) {
    fields = pairs.map { HTTP2Field($0, $1) }
  }

  /// The first value of a name.
  public func first(_ name: String) -> String? {
    for field in fields where field.name == name {
      return field.value
    }
    return nil
  }

  /// Adds a field at the end.
  public mutating func add(_ name: String, _ value: String) {
    fields.append(HTTP2Field(name, value))
  }
}

/// The header list being received, with its limit.
struct IncomingHeaders {
  private(set) var fields: [HTTP2Field] = []
  private(set) var isTruncated = false
  /// How long the list is so far, what is dropped included.
  private(set) var bytes = 0

  mutating func begin() {
    fields = []
    bytes = 0
    isTruncated = false
  }

  /// Adds a field, or drops it and all that follow when the list (as RFC 9113, 6.5.2 measures it) is over
  /// `limit`.
  mutating func add(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, limit: Int) {
    bytes += name.count + value.count + 32
    guard !isTruncated, bytes <= limit else {
      isTruncated = true
      return
    }
    fields.append(HTTP2Field(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
  }

  mutating func take() -> HTTP2Headers {
    defer { fields = [] }
    return HTTP2Headers(fields)
  }
}
