internal import CDescriptors

/// The .proto files of what is served, and which of them defines what. Field numbers are those of
/// google/protobuf/descriptor.proto.
struct DescriptorPool: Sendable {
  /// One .proto file.
  struct File: Sendable {
    let name: String
    /// A packed `FileDescriptorProto`.
    let bytes: [UInt8]
    /// Names of the files that it imports.
    let imports: [String]
  }

  private(set) var files: [String: File] = [:]
  /// The file that defines a full name.
  private var homes: [String: String] = [:]
  /// Full names of messages.
  private(set) var messages: Set<String> = []
  /// Full names of services.
  private(set) var services: Set<String> = []

  /// Everything that `Protos/generate` put into the program.
  static let ofProgram: DescriptorPool = {
    var size = 0
    let start = muster_descriptor_set(&size)
    return DescriptorPool(set: Array(UnsafeBufferPointer(start: start, count: size)))
  }()

  /// The files of a packed `FileDescriptorSet`.
  init(set: [UInt8]) {
    for file in ProtobufFields(set[...]) where file.number == 1 { add(file.bytes) }
  }

  /// The file that defines a full name: a service, a method, a message, a field, an enum or one of its values.
  func file(defining symbol: String) -> File? {
    homes[symbol].flatMap { files[$0] }
  }

  /// A file and all that it imports, directly or not, less those that are left out; the file first.
  func closure(of file: File, without sent: Set<String>) -> [File] {
    var found: [File] = []
    var names = sent.subtracting([file.name])
    var waiting = [file]
    while let next = waiting.popLast() {
      guard names.insert(next.name).inserted else { continue }
      found.append(next)
      waiting += next.imports.compactMap { files[$0] }
    }
    return found
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    let fields = Array(ProtobufFields(bytes))
    let name = text(fields, 1)
    let package = text(fields, 2)
    files[name] = File(
      name: name, bytes: Array(bytes),
      imports: fields.filter { $0.number == 3 }.map { String(decoding: $0.bytes, as: UTF8.self) })
    for field in fields {
      switch field.number {
      case 4: addMessage(field.bytes, in: package, file: name)
      case 5: addMembers(field.bytes, in: package, file: name, members: [2], areSiblings: true)
      case 6: services.insert(addMembers(field.bytes, in: package, file: name, members: [2]))
      default: continue
      }
    }
  }

  private mutating func addMessage(_ bytes: ArraySlice<UInt8>, in scope: String, file: String) {
    // Fields and oneofs.
    let name = addMembers(bytes, in: scope, file: file, members: [2, 8])
    messages.insert(name)
    for field in ProtobufFields(bytes) {
      if field.number == 3 { addMessage(field.bytes, in: name, file: file) }
      if field.number == 4 {
        addMembers(field.bytes, in: name, file: file, members: [2], areSiblings: true)
      }
    }
  }

  /// Notes a thing and its members. Values of an enum are named as if they stood beside it.
  @discardableResult
  private mutating func addMembers(
    _ bytes: ArraySlice<UInt8>, in scope: String, file: String, members: [UInt64], areSiblings: Bool = false
  ) -> String {
    let fields = Array(ProtobufFields(bytes))
    let name = join(scope, text(fields, 1))
    homes[name] = file
    for field in fields where members.contains(field.number) {
      homes[join(areSiblings ? scope : name, text(Array(ProtobufFields(field.bytes)), 1))] = file
    }
    return name
  }
}

private func text(_ fields: [(number: UInt64, bytes: ArraySlice<UInt8>)], _ number: UInt64) -> String {
  fields.first { $0.number == number }.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
}

private func join(_ scope: String, _ name: String) -> String { scope.isEmpty ? name : "\(scope).\(name)" }
