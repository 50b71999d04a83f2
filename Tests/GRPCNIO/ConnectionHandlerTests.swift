import GRPC
import NIOCore
import NIOEmbedded
import Testing

@testable import GRPCNIO

/// A connection that does what the test says.
private final class ScriptedConnection: GRPCConnection {
  var output: [String] = []
  var received = ""
  var ticks: [Int64] = []
  var lostCount = 0
  var takeCount = 0
  var nextDeadline: Instant?
  var isFinished = false
  var onOutputReady: (() -> Void)?
  var wantsOutput: Bool { !output.isEmpty }

  func receive(_ bytes: UnsafeRawBufferPointer, at now: Instant) {
    received += String(decoding: bytes, as: UTF8.self)
  }

  func tick(at now: Instant) { ticks.append(now.nanoseconds / 1_000_000) }

  func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    takeCount += 1
    guard !output.isEmpty else { return false }
    var chunk = output.removeFirst()
    chunk.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    return true
  }

  func connectionLost(at now: Instant) { lostCount += 1 }
}

/// A socket that takes no write until it is told to.
private final class SlowSocket: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  var isOpen = true
  var written: [String] = []
  private var pending: [EventLoopPromise<Void>?] = []

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    written.append(String(buffer: unwrapOutboundIn(data)))
    if isOpen { promise?.succeed() } else { pending.append(promise) }
  }

  func flush(context: ChannelHandlerContext) {}

  func complete() {
    let done = pending
    pending = []
    for promise in done { promise?.succeed() }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    for promise in pending { promise?.fail(ChannelError.ioOnClosedChannel) }
    pending = []
    context.close(mode: mode, promise: promise)
  }
}

@Suite struct ConnectionHandlerTests {
  private let connection = ScriptedConnection()
  private let socket = SlowSocket()
  private let channel: EmbeddedChannel

  init() throws {
    channel = EmbeddedChannel(handlers: [socket])
    let connection = connection
    try channel.pipeline.syncOperations.addHandler(
      GRPCConnectionHandler(driving: connection) { _ in connection.isFinished = true })
  }

  private func activate() throws {
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  private func read(_ text: String) throws {
    try channel.writeInbound(ByteBuffer(string: text))
  }

  /// A connection says only once that it has output, until it was asked: also when there turned out to be none.
  @Test func anAnnouncementOfNothingIsAnswered() throws {
    try activate()
    let before = connection.takeCount
    connection.onOutputReady?()
    channel.embeddedEventLoop.run()
    #expect(connection.takeCount == before + 1)
    #expect(socket.written == [])
  }

  @Test func outputBeforeTheConnectionWaitsForIt() throws {
    connection.output = ["preface"]
    connection.onOutputReady?()
    channel.embeddedEventLoop.run()
    #expect(socket.written == [])
    try activate()
    #expect(socket.written == ["preface"])
  }

  @Test func framesOfOneTurnAreOneWrite() throws {
    try activate()
    connection.output = ["a", "b", "c"]
    try read("x")
    #expect(connection.received == "x")
    #expect(socket.written == ["abc"])
  }

  @Test func outputThatAroseByItselfIsFlushedOncePerTurn() throws {
    try activate()
    let before = connection.takeCount
    connection.output = ["a"]
    connection.onOutputReady?()
    connection.output.append("b")
    connection.onOutputReady?()
    #expect(socket.written == [])
    channel.embeddedEventLoop.run()
    #expect(socket.written == ["ab"])
    // Once for each chunk, and twice to learn that there is no more.
    #expect(connection.takeCount - before == 4)
  }

  @Test func oneWriteInFlightAtATime() throws {
    try activate()
    socket.isOpen = false
    connection.output = ["first"]
    try read("x")
    connection.output = ["second", "third"]
    try read("y")
    #expect(socket.written == ["first"])
    #expect(connection.output == ["second", "third"])
    socket.complete()
    #expect(socket.written == ["first", "secondthird"])
  }

  @Test func aBatchEndsAtItsTarget() throws {
    try activate()
    let chunk = String(repeating: "x", count: 16 * 1024)
    connection.output = Array(repeating: chunk, count: 5)
    try read("x")
    #expect(socket.written.map(\.utf8.count) == [48 * 1024, 32 * 1024])
  }

  @Test func oneConnectionDoesNotHogTheLoop() throws {
    try activate()
    let chunk = String(repeating: "x", count: OutputBatch.batchBytesTarget)
    connection.output = Array(repeating: chunk, count: GRPCConnectionHandler.batchesPerTurnMaximum + 3)
    try read("x")
    #expect(socket.written.count == GRPCConnectionHandler.batchesPerTurnMaximum)
    channel.embeddedEventLoop.run()
    #expect(socket.written.count == GRPCConnectionHandler.batchesPerTurnMaximum + 3)
  }

  @Test func timerIsNotMovedWhenTheDeadlineMovesAway() throws {
    connection.nextDeadline = Instant(nanoseconds: 100_000_000)
    try activate()
    connection.nextDeadline = Instant(nanoseconds: 150_000_000)
    try read("x")
    channel.embeddedEventLoop.advanceTime(to: .uptimeNanoseconds(100_000_000))
    #expect(connection.ticks == [100])
    channel.embeddedEventLoop.advanceTime(to: .uptimeNanoseconds(149_000_000))
    #expect(connection.ticks == [100])
    connection.nextDeadline = nil
    channel.embeddedEventLoop.advanceTime(to: .uptimeNanoseconds(1_000_000_000))
    #expect(connection.ticks == [100, 150])
  }

  @Test func timerIsMovedWhenTheDeadlineComesNearer() throws {
    connection.nextDeadline = Instant(nanoseconds: 100_000_000)
    try activate()
    connection.nextDeadline = Instant(nanoseconds: 50_000_000)
    connection.onOutputReady?()
    channel.embeddedEventLoop.run()
    channel.embeddedEventLoop.advanceTime(to: .uptimeNanoseconds(50_000_000))
    #expect(connection.ticks == [50])
  }

  @Test func finishedConnectionIsClosedAfterItsLastBytes() throws {
    try activate()
    socket.isOpen = false
    connection.output = ["goodbye"]
    connection.isFinished = true
    connection.onOutputReady?()
    channel.embeddedEventLoop.run()
    #expect(socket.written == ["goodbye"])
    #expect(channel.isActive)
    socket.complete()
    #expect(!channel.isActive)
    #expect(connection.lostCount == 1)
  }

  @Test func finishedConnectionOfAStuckPeerIsClosedAfterAWhile() throws {
    try activate()
    socket.isOpen = false
    connection.output = ["goodbye"]
    connection.isFinished = true
    connection.onOutputReady?()
    channel.embeddedEventLoop.run()
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(4_999))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(!channel.isActive)
    #expect(connection.lostCount == 1)
  }

  @Test func windDownAndAbort() throws {
    try activate()
    channel.triggerUserOutboundEvent(GRPCConnectionHandler.Command.windDown, promise: nil)
    #expect(!channel.isActive)
    #expect(connection.lostCount == 1)
    let other = try ConnectionHandlerTests()
    try other.activate()
    other.channel.triggerUserOutboundEvent(GRPCConnectionHandler.Command.abort, promise: nil)
    #expect(other.connection.lostCount == 1)
    #expect(!other.connection.isFinished)
  }
}
