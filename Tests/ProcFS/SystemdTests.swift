import Testing

@testable import ProcFS

/// D-Bus messages as a server sends them, in either byte order.
private struct Wire {
  var isBigEndian = false
  var bytes: [UInt8] = []

  mutating func pad(_ size: Int) {
    while bytes.count % size != 0 { bytes.append(0) }
  }

  mutating func uint32(_ value: Int) {
    pad(4)
    let number = UInt32(value)
    withUnsafeBytes(of: isBigEndian ? number.bigEndian : number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func string(_ text: String) {
    uint32(text.utf8.count)
    bytes += Array(text.utf8) + [0]
  }

  mutating func signature(_ text: String) {
    bytes.append(UInt8(text.utf8.count))
    bytes += Array(text.utf8) + [0]
  }

  /// A message with the fields that replies have.
  static func reply(
    _ kind: DBusMessage.Kind, to serial: Int, signature: String = "", error: String? = nil, isBigEndian: Bool,
    _ fill: (inout Wire) -> Void = { _ in }
  ) -> [UInt8] {
    var body = Wire(isBigEndian: isBigEndian)
    fill(&body)
    var fields = Wire(isBigEndian: isBigEndian)
    fields.field(5, "u") { $0.uint32(serial) }
    fields.field(7, "s") { $0.string("org.freedesktop.systemd1") }
    if let error { fields.field(4, "s") { $0.string(error) } }
    if !signature.isEmpty { fields.field(8, "g") { $0.signature(signature) } }
    var message = Wire(isBigEndian: isBigEndian)
    message.bytes = [UInt8(ascii: isBigEndian ? "B" : "l"), kind.rawValue, 1, 1]
    message.uint32(body.bytes.count)
    message.uint32(77)
    message.uint32(fields.bytes.count)
    message.bytes += fields.bytes
    message.pad(8)
    return message.bytes + body.bytes
  }

  private mutating func field(_ code: UInt8, _ type: String, _ fill: (inout Wire) -> Void) {
    pad(8)
    bytes.append(code)
    signature(type)
    fill(&self)
  }

  static func text(_ text: String, to serial: Int, _ isBigEndian: Bool) -> [UInt8] {
    reply(.returned, to: serial, signature: "v", isBigEndian: isBigEndian) {
      $0.signature("s")
      $0.string(text)
    }
  }

  static func units(_ units: [(name: String, state: String)], to serial: Int, _ isBigEndian: Bool) -> [UInt8]
  {
    reply(.returned, to: serial, signature: "a(ssssssouso)", isBigEndian: isBigEndian) { body in
      var array = Wire(isBigEndian: isBigEndian)
      for unit in units {
        array.pad(8)
        for text in [unit.name, "Of it", "loaded", unit.state, "dead", ""] { array.string(text) }
        array.string("/unit/" + unit.name)
        array.uint32(0)
        array.string("")
        array.string("/")
      }
      body.uint32(array.bytes.count)
      body.pad(8)
      body.bytes += array.bytes
    }
  }
}

extension SystemdConversation {
  fileprivate mutating func receive(_ bytes: [UInt8]) throws -> Answer? {
    try bytes.withUnsafeBytes { bytes in try receive(bytes) }
  }
}

@Suite struct SystemdTests {
  private let welcome = Array("DATA\r\nOK 0123456789abcdef\r\n".utf8)

  private func conversation(isBus: Bool = false) -> SystemdConversation {
    var conversation = SystemdConversation(isBus: isBus) { $0.name != "unwanted.service" }
    conversation.ask()
    return conversation
  }

  /// The answers to a first question without a bus: units (1), state (2), version (3).
  private func answers(_ isBigEndian: Bool) -> [UInt8] {
    welcome
      + Wire.text("degraded", to: 2, isBigEndian)
      + Wire.units(
        [("a.service", "active"), ("b.target", "failed"), ("unwanted.service", "inactive")], to: 1,
        isBigEndian)
      + Wire.text("252.39-1", to: 3, isBigEndian)
  }

  @Test(arguments: [false, true])
  func anAnswerInEitherByteOrder(_ isBigEndian: Bool) throws {
    var conversation = conversation()
    #expect(try conversation.receive(answers(isBigEndian)) == nil)
    #expect(conversation.isWaiting)
    let answer = try #require(try conversation.receive(Wire.text("notify", to: 4, isBigEndian)))
    #expect(answer.systemState == "degraded")
    #expect(answer.version == "252.39-1")
    #expect(answer.units.map(\.name) == ["a.service", "b.target", "unwanted.service"])
    #expect(answer.units.map(\.activeState) == ["active", "failed", "inactive"])
    #expect(answer.units.map(\.loadState) == ["loaded", "loaded", "loaded"])
    #expect(answer.types == ["a.service": "notify"])
    #expect(!conversation.isWaiting)
  }

  @Test func bytesMayComeOneByOne() throws {
    var conversation = conversation()
    let all = answers(false) + Wire.text("simple", to: 4, false)
    for byte in all.dropLast() { #expect(try conversation.receive([byte]) == nil) }
    #expect(try conversation.receive([all[all.count - 1]])?.units.count == 3)
  }

  @Test func typesAreAskedForOnce() throws {
    var conversation = conversation()
    _ = try conversation.receive(answers(false) + Wire.text("simple", to: 4, false))
    conversation.ask()
    _ = try conversation.receive(Wire.text("running", to: 6, false) + Wire.text("252", to: 7, false))
    let answer = try conversation.receive(Wire.units([("a.service", "inactive")], to: 5, false))
    #expect(answer?.systemState == "running")
    #expect(answer?.types == ["a.service": "simple"])
  }

  @Test func aUnitThatIsGoneHasNoType() throws {
    var conversation = conversation()
    _ = try conversation.receive(answers(false))
    let error = Wire.reply(
      .error, to: 4, error: "org.freedesktop.DBus.Error.UnknownObject", isBigEndian: false)
    #expect(try conversation.receive(error)?.types == [:])
  }

  @Test func onABusItSaysHelloFirst() throws {
    var conversation = conversation(isBus: true)
    let output = conversation.takeOutput()
    #expect(output.starts(with: DBusStream.greeting))
    let calls = Array(output[DBusStream.greeting.count...])
    let text = String(decoding: calls, as: UTF8.self)
    let members = ["Hello", "ListUnits", "SystemState", "Version"].compactMap {
      text.firstRange(of: $0)?.lowerBound
    }
    #expect(members.count == 4 && members == members.sorted())
    #expect(conversation.takeOutput() == [])
    let denied = Wire.reply(
      .error, to: 2, error: "org.freedesktop.DBus.Error.AccessDenied", isBigEndian: false)
    #expect(throws: DBusError.failed("org.freedesktop.DBus.Error.AccessDenied")) {
      try conversation.receive(welcome + denied)
    }
  }

  /// What this client sends is what it would read itself.
  @Test func callsAreWellFormed() throws {
    let call = DBusCall(
      destination: "org.freedesktop.systemd1", path: "/org/freedesktop/systemd1",
      interface: "org.freedesktop.DBus.Properties", member: "Get", arguments: ["a", "bc"])
    let message = try call.encoded(serial: 9).withUnsafeBytes { bytes in
      #expect(try DBusMessage.byteCount(bytes) == bytes.count)
      return try DBusMessage(parsing: bytes)
    }
    #expect(message.kind == .call)
    let arguments = try message.read("ss") { reader throws(DBusError) in
      (try reader.string(), try reader.string(), reader.isAtEnd)
    }
    #expect(arguments == ("a", "bc", true))
  }

  @Test(arguments: [
    ("REJECTED EXTERNAL\r\n", DBusError.rejected), ("ERROR\r\n", .rejected),
    ("HTTP/1.1 200 OK\r\n", .rejected),
    (String(repeating: "x", count: 2000), .malformed("a line without an end")),
    ("OK 1\r\nHTTP/1.1 400 Bad Request\r\n", .malformed("neither little nor big endian")),
    (
      "OK 1\r\nl\u{2}\u{0}\u{1}\u{7f}\u{7f}\u{7f}\u{7f}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
      .tooLarge(8 << 20)
    ),
  ])
  func whoIsNoDBusServer(_ text: String, _ error: DBusError) {
    var conversation = conversation()
    #expect(throws: error) { try conversation.receive(Array(text.utf8)) }
  }

  @Test func answersOfAnotherTypeAreRefused() {
    for wrong in [
      Wire.text("x", to: 1, false), Wire.units([], to: 2, false),
      Wire.reply(.returned, to: 3, isBigEndian: false),
      Wire.reply(.call, to: 1, isBigEndian: false),
      Wire.reply(.returned, to: 2, signature: "v", isBigEndian: false) {
        $0.signature("u")
        $0.uint32(1)
      },
    ] {
      var conversation = conversation()
      #expect(throws: DBusError.self) { try conversation.receive(welcome + wrong) }
    }
  }

  @Test func cutOffMessagesAreRefused() throws {
    for isBigEndian in [false, true] {
      let whole = Wire.units([("a.service", "active"), ("b.target", "failed")], to: 1, isBigEndian)
      let memory = GuardedText(capacity: whole.count)
      for count in 0..<whole.count {
        #expect(throws: DBusError.self) { try DBusMessage(parsing: memory.place(whole[..<count])) }
      }
    }
  }

  /// Whatever is received, it is an answer or refused; nothing is read beyond the end, and nothing overflows.
  @Test func brokenBytes() {
    var random = SplitMix(state: 42)
    for round in 0..<4000 {
      var bytes = answers(round % 2 == 0) + Wire.text("simple", to: 4, round % 2 == 0)
      for _ in 0...(round % 4) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] =
          [0, 1, 4, 8, 0x7f, 0x80, 0xff, .random(in: 0...255, using: &random)].randomElement(using: &random)
          ?? 0
      }
      var conversation = conversation()
      do { _ = try conversation.receive(bytes) } catch { #expect(error is DBusError) }
    }
    for _ in 0..<2000 {
      var conversation = conversation()
      let noise = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
      do { _ = try conversation.receive(welcome + [UInt8(ascii: "l"), 2, 0, 1] + noise) } catch {}
    }
  }

  @Test func tooManyUnitsAreRefused() {
    var conversation = conversation()
    let units = (0...SystemdConversation.maximumUnits).map { (name: "u\($0).target", state: "active") }
    #expect(throws: DBusError.tooLarge(SystemdConversation.maximumUnits)) {
      try conversation.receive(welcome + Wire.units(units, to: 1, false))
    }
  }
}
