internal import CProtobufC
internal import GRPC

/// The fields of a packed frame: what is one number is read, what is more is only found, and read when it is needed.
///
/// protobuf-c would unpack each column into an array first; nearly all of a frame is one column of varints, and with
/// this they are read once, where they arrived. Packing, and the messages within a frame, are protobuf-c's.
struct FrameFields {
  private(set) var sequence: UInt64 = 0
  private(set) var wallTimeMicroseconds: Int64 = 0
  private(set) var monotonicMicroseconds: UInt64 = 0
  private(set) var opening: UnsafeRawBufferPointer?
  /// How many series are described: `eachNewSeries` hands them out.
  private(set) var newSeriesCount = 0
  private(set) var changedGroups = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var changedMembers = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var deltas = PackedColumn()
  private(set) var doubleIndexes = PackedColumn()
  private(set) var doubles = PackedColumn()
  private(set) var gone = PackedColumn()
  private(set) var configSHA256 = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var configIsLocal = false
  private(set) var processes: UnsafeRawBufferPointer?
  private let bytes: UnsafeRawBufferPointer

  /// Finds the fields; columns that came in pieces are put together in an arena, made if there is need.
  init(_ bytes: UnsafeRawBufferPointer, joiningIn arena: inout Arena?) throws(Status) {
    self.bytes = bytes
    var scanner = ProtobufScanner(bytes)
    while !scanner.isAtEnd {
      guard let (field, content) = scanner.key(), take(field, content, &scanner, &arena) else {
        throw malformed
      }
    }
  }

  /// What a frame is answered with that is none.
  var malformed: Status {
    Status(.invalidArgument, "\(bytes.count) bytes that are not a valid muster.v1.MetricsFrame")
  }

  /// Hands out the described series, as they are packed, in their order.
  func eachNewSeries(_ body: (UnsafeRawBufferPointer) throws(Status) -> Void) throws(Status) {
    var scanner = ProtobufScanner(bytes)
    var left = newSeriesCount
    while left > 0, let (field, content) = scanner.key(), let found = scanner.content(content) {
      guard field == Number.newSeries else { continue }
      try body(found)
      left -= 1
    }
  }

  /// The numbers of the .proto file.
  private enum Number {
    static let newSeries: UInt32 = 5
    static let processes: UInt32 = 14
  }

  /// Takes one field; of one that comes again, the last counts. False: it is not written as it must be.
  @inline(__always)
  private mutating func take(
    _ field: UInt32, _ content: ProtobufScanner.Content, _ scanner: inout ProtobufScanner,
    _ arena: inout Arena?
  ) -> Bool {
    switch field {
    case 2, 3, 4, 13:
      guard content == .varint, let value = scanner.varint() else { return false }
      setNumber(field, value)
    case 1, Number.newSeries, 6, 7, 12, Number.processes:
      guard content == .block, let block = scanner.block() else { return false }
      return setBlock(field, block)
    case 8: return deltas.add(content, &scanner, &arena, element: .varint)
    case 9: return doubleIndexes.add(content, &scanner, &arena, element: .varint)
    case 10: return doubles.add(content, &scanner, &arena, element: .eightBytes)
    case 11: return gone.add(content, &scanner, &arena, element: .varint)
    default: return scanner.content(content) != nil
    }
    return true
  }

  private mutating func setNumber(_ field: UInt32, _ value: UInt64) {
    switch field {
    case 2: sequence = value
    case 3: wallTimeMicroseconds = Int64(bitPattern: value)
    case 4: monotonicMicroseconds = value
    default: configIsLocal = value != 0
    }
  }

  /// False: a second opening. (Protobuf would have them merged; nobody sends that.)
  private mutating func setBlock(_ field: UInt32, _ block: UnsafeRawBufferPointer) -> Bool {
    switch field {
    case 1:
      guard opening == nil else { return false }
      opening = block
    case Number.newSeries: newSeriesCount += 1
    case 6: changedGroups = block
    case 7: changedMembers = block
    case Number.processes: processes = block
    default: configSHA256 = block
    }
    return true
  }
}

/// The elements of a repeated field of numbers, one after the other.
struct PackedColumn {
  private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var count = 0
  /// Of the arena's memory, if there is any.
  private var room: UnsafeMutableRawBufferPointer?

  /// Adds a field's content: one element, or a block of them. Nearly always there is one block, which stays where it is.
  @inline(__always)
  mutating func add(
    _ content: ProtobufScanner.Content, _ scanner: inout ProtobufScanner, _ arena: inout Arena?,
    element: ProtobufScanner.Content
  ) -> Bool {
    guard content == .block || content == element, let piece = scanner.content(content) else { return false }
    if element == .varint {
      guard let added = piece.varintCount else { return false }
      count += added
    } else {
      guard piece.count % 8 == 0 else { return false }
      count += piece.count / 8
    }
    if bytes.isEmpty { bytes = piece } else { join(piece, &arena) }
    return true
  }

  private mutating func join(_ piece: UnsafeRawBufferPointer, _ arena: inout Arena?) {
    let total = bytes.count + piece.count
    if room.map({ $0.count < total }) ?? true {
      let memory = arena ?? Arena()
      arena = memory
      let larger = UnsafeMutableRawBufferPointer(
        start: memory.take(UInt8.self, count: total * 2), count: total * 2)
      larger.copyMemory(from: bytes)
      room = larger
    }
    guard let room else { return }
    UnsafeMutableRawBufferPointer(rebasing: room[bytes.count...]).copyMemory(from: piece)
    bytes = UnsafeRawBufferPointer(rebasing: room[..<total])
  }
}

// The messages within a frame, which protobuf-c unpacks. Most frames have none.
extension FrameFields {
  /// Who is speaking, if the frame says so.
  func readOpening() throws(Status) -> StreamOpening? {
    guard let opening else { return nil }
    return try StreamOpening(decoding: opening)
  }

  /// The processes that the frame lists, if it does.
  func readProcesses() throws(Status) -> ProcessList? {
    guard let processes else { return nil }
    let list = try ProcessList(decoding: processes)
    guard list.processes.count <= MessageLimits.frameProcesses,
      list.groups.count <= MessageLimits.frameProcesses,
      list.processes.allSatisfy({ $0.commandLine.utf8.count <= MessageLimits.frameCommandLineBytes })
    else {
      throw Status(
        .invalidArgument,
        "\(list.processes.count) processes and \(list.groups.count) groups in a frame; "
          + "\(MessageLimits.frameProcesses) of each are allowed, with command lines of "
          + "\(MessageLimits.frameCommandLineBytes) bytes")
    }
    return list
  }

  /// The series that the frame describes.
  func readNewSeries() throws(Status) -> [SeriesDescriptor] {
    guard newSeriesCount > 0 else { return [] }
    let arena = Arena()
    var series: [SeriesDescriptor] = []
    series.reserveCapacity(newSeriesCount)
    try eachNewSeries { packed throws(Status) in
      defer { arena.reset() }
      series.append(try SeriesDescriptor(try arena.unpack(SeriesDescriptor.self, packed).pointee))
    }
    return series
  }

  /// What the frame says about the config that was in force; nil: nothing.
  func readStamp() throws(Status) -> FrameStamp? {
    guard !configSHA256.isEmpty else { return configIsLocal ? .local : nil }
    guard configSHA256.count == SHA256.digestBytes else {
      throw Status(
        .invalidArgument,
        "config_sha256 has \(configSHA256.count) bytes; a SHA-256 has \(SHA256.digestBytes), or 0 if there is none"
      )
    }
    guard !configIsLocal else {
      throw Status(.invalidArgument, "a frame with config_sha256 and config_is_local; send one of them")
    }
    return .config(Array(configSHA256))
  }
}
