import GRPC
import Testing

/// Whatever arrives, nothing traps, every call ends once, and the connection comes to an end.
@Suite struct GarbageTests {
  @Test(arguments: 0..<30)
  func randomBytes(seed: UInt64) throws {
    var random = SplitMix(seed)
    for _ in 0..<20 {
      let handlers = Handlers()
      let pipe = Pipe(.recording(handlers), pieces: .random(seed: random.next()))
      let (_, recorder) = try pipe.call(Echo.raw, ["a"], ends: false)
      if random.next() % 2 == 0 { pipe.pump() }
      let garbage = (0..<4000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      pipe.deliver(garbage, pipe.client)
      pipe.deliver(garbage, pipe.server)
      pipe.pump()
      #expect(pipe.client.isFinished)
      #expect(pipe.server.isFinished)
      #expect(recorder.endCount == 1)
      #expect(handlers.all.allSatisfy { $0.ends.count == 1 })
    }
  }

  @Test(arguments: 0..<60)
  func damagedTraffic(seed: UInt64) throws {
    var random = SplitMix(seed)
    let handlers = Handlers()
    handlers.prepare = { recorder in
      recorder.onMessage = { call, text in call.send(Text(text)) }
      recorder.onHalfClose = { $0.finish(.ok) }
    }
    let pipe = Pipe(.recording(handlers), pieces: .random(seed: seed))
    var recorders: [Recorder] = []
    for round in 0..<20 where pipe.client.acceptsCalls {
      let call = try pipe.call(Echo.raw, ["hello", String(repeating: "x", count: 300)], ends: round % 2 == 0)
      recorders.append(call.recorder)
      var bytes: [UInt8] = []
      while pipe.client.takeOutput({ bytes += $0 }) {}
      if round > 3, !bytes.isEmpty {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      pipe.deliver(bytes, pipe.server)
      pipe.pump()
    }
    pipe.client.connectionLost(at: pipe.now)
    pipe.server.connectionLost(at: pipe.now)
    #expect(recorders.allSatisfy { $0.endCount == 1 })
    #expect(handlers.all.allSatisfy { $0.ends.count == 1 })
  }

  /// Two proper peers under random handling of everything: calls, messages, pauses, cancels, time.
  @Test(arguments: 0..<40)
  func randomTraffic(seed: UInt64) throws {
    var random = SplitMix(seed)
    let handlers = Handlers()
    handlers.prepare = { recorder in
      recorder.onMessage = { call, text in call.send(Text(text)) }
      recorder.onHalfClose = { $0.finish(.ok) }
    }
    let pipe = Pipe(.recording(handlers), pieces: .random(seed: seed))
    var calls: [(call: ClientCall, recorder: Recorder, sent: [String], isHalfClosed: Bool)] = []
    for step in 0..<300 {
      let index = calls.isEmpty ? 0 : Int(random.next() % UInt64(calls.count))
      switch random.next() % 12 {
      case 0, 1:
        let timeout: Duration? = random.next() % 3 == 0 ? .seconds(Int64(random.next() % 20)) : nil
        let (call, recorder) = try pipe.call(Echo.raw, [], timeout: timeout, ends: false)
        calls.append((call, recorder, [], false))
      case 2...5 where !calls.isEmpty:
        let text = String(repeating: "\(step)-", count: Int(random.next() % 4000))
        guard !calls[index].call.isEnded, !calls[index].isHalfClosed else { break }
        calls[index].call.send(Text(text))
        calls[index].sent.append(text)
      case 6 where !calls.isEmpty:
        calls[index].call.halfClose()
        calls[index].isHalfClosed = true
      case 7 where !calls.isEmpty && random.next() % 4 == 0: calls[index].call.cancel()
      case 8 where !calls.isEmpty: calls[index].call.pauseReading()
      case 9 where !calls.isEmpty: calls[index].call.resumeReading()
      case 10: pipe.advance(.milliseconds(Int64(random.next() % 500)))
      default: pipe.pump()
      }
    }
    for (call, _, _, _) in calls {
      call.resumeReading()
      call.halfClose()
    }
    pipe.pump()
    pipe.advance(.seconds(30))
    for (_, recorder, sent, _) in calls {
      #expect(recorder.endCount == 1)
      let isWhole = recorder.messages == sent
      let isBeginning = sent.starts(with: recorder.messages)
      #expect(isBeginning && (isWhole || recorder.status != .ok))
    }
    #expect(handlers.all.allSatisfy { $0.ends.count == 1 })
    #expect(pipe.client.openCallCount == 0)
    #expect(pipe.server.openCallCount == 0)
    #expect(pipe.client.counters.protocolViolations == 0)
  }
}
