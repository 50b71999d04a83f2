/// The key-value pairs that travel with a call, in order, before (headers) or after (trailers) its messages.
///
/// Names are lower case `[0-9a-z_.-]`. Values are printable ASCII, except that a name ending in `-bin`
/// carries any bytes, in base64 on the wire. A name may occur several times.
public struct Metadata: Sendable, Hashable {
  /// One pair, as on the wire.
  public struct Element: Sendable, Hashable {
    /// The name, in lower case.
    public let name: String
    /// The value; base64 when the name ends in `-bin`.
    public let value: String
  }

  private var elements: [Element] = []

  /// No pairs.
  public init() {}

  /// The first value of a name, as on the wire.
  public func first(_ name: String) -> String? {
    for element in elements where element.name == name {
      return element.value
    }
    return nil
  }

  /// All values of a name, as on the wire, in order.
  public func all(_ name: String) -> [String] {
    elements.filter { $0.name == name }.map(\.value)
  }

  /// All values of a name that ends in `-bin`, decoded. What is not base64 is left out.
  public func binary(_ name: String) -> [[UInt8]] {
    // Several values may arrive joined by commas (RFC 9110, 5.3), which base64 does not use.
    all(name).flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
      .compactMap { Base64.decode($0.utf8) }
  }

  /// Adds a pair at the end.
  ///
  /// False, and nothing added, when the name or value may not be sent: a name with other characters than
  /// `[0-9A-Za-z_.-]` (capitals are made small), a name that gRPC or HTTP/2 reserves, or a value that is not
  /// printable ASCII. Spaces at the ends of the value are cut off: they do not travel.
  @discardableResult
  public mutating func add(_ name: String, _ value: String) -> Bool {
    let name = name.lowercased()
    guard MetadataName.isAllowed(name), MetadataName.isPrintable(value) else { return false }
    elements.append(Element(name: name, value: MetadataName.trimmed(value)))
    return true
  }

  /// Adds bytes under a name that ends in `-bin`; false, and nothing added, when the name may not be sent.
  @discardableResult
  public mutating func addBinary(_ name: String, _ bytes: some Sequence<UInt8>) -> Bool {
    guard name.hasSuffix("-bin") else { return false }
    return add(name, Base64.encode(bytes))
  }

  /// Adds a pair as the peer sent it, which has been through nghttp2's checks already.
  mutating func addReceived(_ name: String, _ value: String) {
    elements.append(Element(name: name, value: value))
  }

  /// How many pairs there are.
  public var count: Int { elements.count }

  /// Whether there are none.
  public var isEmpty: Bool { elements.isEmpty }
}

extension Metadata: Sequence {
  /// The pairs in order.
  public func makeIterator() -> IndexingIterator<[Element]> {
    elements.makeIterator()
  }
}

extension Metadata: ExpressibleByDictionaryLiteral {
  /// `["authorization": token]`; pairs that `add` refuses are left out.
  public init(dictionaryLiteral pairs: (String, String)...) {
    for (name, value) in pairs { add(name, value) }
  }
}
