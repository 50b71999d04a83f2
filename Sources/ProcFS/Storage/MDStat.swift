/// `/proc/mdstat`: arrays of software RAID. See md(4) and `md_seq_show` in the kernel's drivers/md/md.c.
///
///     md6 : active raid6 sdp1[4](S) sdn1[3] sdm1[2](F) sdl1[1] sdk1[0]
///           7813529600 blocks super 1.2 level 6, 512k chunk, algorithm 2 [4/3] [UU_U]
///           [>....................]  recovery =  4.1% (160281088/3906764800) finish=1215.2min speed=51382K/sec
///           bitmap: 12/30 pages [48KB], 65536KB chunk
///
/// An array's lines go on with a blank. What there is of them depends on its kind and state.
public struct MDStat {
  /// The file, relative to a ``ProcRoot``.
  public static let path = "proc/mdstat"
  /// More arrays than this are an error; the kernel has 512 numbers for those without a name.
  public static let maximumArrays = 4096

  /// What an array does.
  public enum State: Int, CaseIterable, Sendable {
    /// It is used, and nothing else goes on.
    case active
    /// It is known, but not started.
    case inactive
    /// A disk that came anew is filled.
    case recovering
    /// The disks are made equal, after a crash say; or that is waited for.
    case resync
    /// They are compared.
    case check
    /// It becomes one of another shape.
    case reshape
    /// It lost a disk that it cannot do without, and still is there. Since Linux 6.
    case broken

    fileprivate init?(word: UnsafeRawBufferPointer) {
      if word.elementsEqual("active".utf8) {
        self = .active
      } else if word.elementsEqual("inactive".utf8) {
        self = .inactive
      } else if word.elementsEqual("broken".utf8) {
        self = .broken
      } else {
        return nil
      }
    }
  }

  /// One array.
  public struct Array {
    /// Where the name stands.
    public let name: TextRange
    /// What it does.
    public fileprivate(set) var state: State
    /// Its size in KiB; nil if it has no disks.
    public fileprivate(set) var blocks: Int64?
    /// Of what goes on: how far it is, in KiB. nil: the kernel does not say.
    public fileprivate(set) var synced: Int64?
    /// … and how far it will go.
    public fileprivate(set) var toSync: Int64?
    /// Disks that it has when all is well; nil: the kernel does not say.
    public fileprivate(set) var requiredDisks: Int64?
    /// Disks of it that work; nil: the kernel does not say.
    public fileprivate(set) var activeDisks: Int64?
    /// Disks marked with `(F)`.
    public fileprivate(set) var failedDisks: Int64 = 0
    /// Disks marked with `(S)`.
    public fileprivate(set) var spareDisks: Int64 = 0
  }

  /// The arrays, in the file's order.
  public private(set) var arrays: [Array] = []

  /// Nothing parsed yet.
  public init() {}

  /// Replaces the arrays by those of `text`, which may have none. After an error they are incomplete.
  public mutating func parse(_ text: UnsafeRawBufferPointer) throws(KernelError) {
    arrays.removeAll(keepingCapacity: true)
    var cursor = Cursor(text)
    var line = 1
    while !cursor.isAtEnd {
      if cursor.isAtBlank {
        if !arrays.isEmpty { arrays[arrays.count - 1].readDetails(&cursor, text) }
      } else if !cursor.isAtLineEnd, !cursor.skip(prefix: "Personalities"), !cursor.skip(prefix: "unused") {
        try parseArray(&cursor, text, line)
      }
      cursor.skipLine()
      line += 1
    }
  }

  private mutating func parseArray(
    _ cursor: inout Cursor, _ text: UnsafeRawBufferPointer, _ line: Int
  ) throws(KernelError) {
    guard arrays.count < Self.maximumArrays else {
      throw .malformed(file: Self.path, line: line, reason: "more than \(Self.maximumArrays) arrays")
    }
    let name = cursor.word()
    let isColon = cursor.word().bytes(in: text).elementsEqual(":".utf8)
    guard isColon, let state = State(word: cursor.word().bytes(in: text)) else {
      throw .malformed(
        file: Self.path, line: line, reason: "a name, a colon and active, inactive or broken are expected")
    }
    var array = Array(name: name, state: state)
    array.readDisks(&cursor, text)
    arrays.append(array)
  }
}

extension MDStat.Array {
  /// The rest of the first line: what kind of array it is, and its disks.
  fileprivate mutating func readDisks(_ cursor: inout Cursor, _ text: UnsafeRawBufferPointer) {
    var disks: Int64 = 0
    var isWithoutSpares = false
    while !cursor.isAtLineEnd {
      let word = cursor.word().bytes(in: text)
      if word.contains(UInt8(ascii: "[")) {
        disks += 1
        if word.has("(F)") { failedDisks += 1 }
        if word.has("(S)") { spareDisks += 1 }
      } else if word.elementsEqual("raid0".utf8) || word.elementsEqual("linear".utf8) {
        isWithoutSpares = true
      }
      cursor.skipBlanks()
    }
    if state == .inactive { activeDisks = 0 }
    // The kernel does not count them: all work. Of a broken one, those that are gone are not listed.
    if isWithoutSpares, state == .active { (requiredDisks, activeDisks) = (disks, disks) }
  }

  /// A further line.
  fileprivate mutating func readDetails(_ cursor: inout Cursor, _ text: UnsafeRawBufferPointer) {
    var number: Int64?
    cursor.skipBlanks()
    while !cursor.isAtLineEnd {
      let word = cursor.word().bytes(in: text)
      if word.elementsEqual("blocks".utf8), let number {
        (blocks, synced) = (number, number)
      } else if let (all, working) = word.pair(in: "[", "]") {
        (requiredDisks, activeDisks) = (all, working)
      } else if let progress = word.pair(in: "(", ")") {
        (synced, toSync) = progress
      } else if let state = word.state {
        self.state = state
        // Not begun; or, on another host of a cluster, who knows how far.
        if word.has("=") { synced = word.has("DELAYED") || word.has("PENDING") ? 0 : nil }
      }
      number = word.number
      cursor.skipBlanks()
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func has(_ part: StaticString) -> Bool {
    let part = UnsafeRawBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount)
    return indices.contains { self[$0...].starts(with: part) }
  }

  /// The number that the whole word is.
  fileprivate var number: Int64? {
    var cursor = Cursor(self)
    guard let value = cursor.digits(), cursor.isAtEnd else { return nil }
    return value
  }

  /// Two numbers in brackets: `[4/3]`.
  fileprivate func pair(in open: Unicode.Scalar, _ close: Unicode.Scalar) -> (Int64, Int64)? {
    var cursor = Cursor(self)
    guard cursor.skip(UInt8(ascii: open)), let first = cursor.digits(), cursor.skip(UInt8(ascii: "/")),
      let second = cursor.digits(), cursor.skip(UInt8(ascii: close)), cursor.isAtEnd
    else { return nil }
    return (first, second)
  }

  /// What goes on, by the kernel's word for it, which a `=` may follow.
  fileprivate var state: MDStat.State? {
    let word = prefix { $0 != UInt8(ascii: "=") }
    if word.elementsEqual("recovery".utf8) { return .recovering }
    if word.elementsEqual("resync".utf8) { return .resync }
    if word.elementsEqual("check".utf8) { return .check }
    if word.elementsEqual("reshape".utf8) { return .reshape }
    return nil
  }
}
