public import GRPC
import TimeSeries
public import Wire

/// One stream of frames, as far as it decides: bytes in, samples stored, a receipt out that says what may be
/// acknowledged.
///
///     bytes ─► FrameDecoder ─► ledger: fresh? ──no──► counted as duplicate, not stored again
///                                 │ yes
///                                 └─► StreamMap (dictionary index ─► host's index) ─► HotStore, VitalsTracker
///
/// The decoder's state advances with every frame, duplicates too, since the next frame's deltas count from it.
/// A frame of a stream holds what changed since the stream's previous frame; that is also what changed in the store
/// only if the store ends with that very frame. Where it does not (the stream is new, replayed, or not the only one
/// of its host) the frame is stored in full.
///
/// Knows no socket and no clock. `ended` must be called once when the stream is over, however it ended. After
/// `receive` threw, the stream is over.
public final class IngestSession {
  private let fleet: Fleet
  private let address: String
  private let decoder: FrameDecoder
  private var map = StreamMap()
  private var previousSequence: UInt64 = 0
  private var counts = PushSummary(frames: 0, duplicates: 0, sequence: 0)
  /// The config that the stream said last, until a new frame brings it to the host; at first the local file, unsaid.
  private var untoldConfig: [UInt8]? = []
  private var hasToldConfig = false

  /// Who speaks; `nil` before the first frame.
  public private(set) var host: Host?
  /// The epoch of the stream's frames.
  public private(set) var epoch: UInt64 = 0
  private var bootID = ""

  /// A stream that has just been opened from `address`. `lists`: what it shares with other streams of its loop.
  public init(fleet: Fleet, address: String, listingIn lists: FrameLists = FrameLists()) {
    self.fleet = fleet
    self.address = address
    decoder = FrameDecoder(
      limits: FrameLimits(series: fleet.limits.seriesPerStream), keepsDescriptors: false, listingIn: lists)
  }

  /// What the stream came to so far.
  public var summary: PushSummary { counts }

  /// Takes one frame, as it came off the wire.
  ///
  /// - Parameter speaker: the host that the connection's control stream speaks for, if there is one; asked once.
  /// - Throws: the status that ends the stream: INVALID_ARGUMENT (the frame is wrong), PERMISSION_DENIED (it is another
  ///   host's than the connection's), RESOURCE_EXHAUSTED (the fleet or the dictionary is full).
  public func receive(
    _ bytes: UnsafeRawBufferPointer, speaker: @autoclosure () -> Host? = nil, at now: Moment
  ) throws(Status) -> IngestReceipt {
    do throws(Status) {
      let receipt = try decoder.decode(bytes) { frame throws(Status) in
        if let host { return take(frame, of: host, at: now) }
        return take(frame, of: try open(frame, speaker: speaker(), at: now), at: now)
      }
      fleet.counters.count(receipt, bytes: bytes.count)
      if !receipt.isDuplicate {
        if untoldConfig != nil { tellConfig(of: receipt.host, at: now) }
        fleet.bus.moved(receipt.host.number)
      }
      return receipt
    } catch {
      fleet.counters.streamsRefused.add()
      throw error
    }
  }

  /// The stream is over. Calls after the first do nothing.
  public func ended(at now: Moment) {
    guard let host else { return }
    self.host = nil
    host.withRecord { record in
      map.end(in: &record)
      record.presence.callEnded(at: now)
    }
    fleet.bus.moved(host.number)
  }

  private func open(
    _ frame: borrowing DecodedFrame, speaker: Host?, at now: Moment
  ) throws(Status) -> Host {
    guard let opening = frame.opening else {
      throw Status(.invalidArgument, "the first frame of a stream must have an opening: who is speaking")
    }
    if let speaker, speaker.id != opening.hostID {
      throw Status(
        .permissionDenied,
        "the control stream of this connection speaks for host \(speaker.id); a connection carries one host")
    }
    let (host, _) = try fleet.callOpened(by: HostIdentity(opening), address: address, at: now)
    self.host = host
    epoch = opening.epoch
    bootID = opening.bootID
    return host
  }

  private func take(_ frame: borrowing DecodedFrame, of host: Host, at now: Moment) -> IngestReceipt {
    let previous = FrameName(epoch: epoch, sequence: previousSequence)
    previousSequence = frame.sequence
    if let config = frame.configSHA256 { untoldConfig = config }
    let newSeries = frame.newSeries.isEmpty ? [] : fleet.pool.shared(frame.newSeries)
    let receipt = host.withRecord { record in
      let refused = map.describe(newSeries, in: &record)
      let verdict = record.ledger.record(epoch: epoch, sequence: frame.sequence)
      let highest = record.ledger.highest(of: epoch)
      guard case .fresh(let missing) = verdict else {
        record.frames.duplicates &+= 1
        return IngestReceipt(
          host: host, epoch: epoch, highest: highest, outcome: .duplicate, seriesRefused: refused)
      }
      let samples = store(frame, in: &record, continuing: record.lastStored == previous, at: now)
      if let processes = frame.processes { record.take(processes) }
      record.lastStored = FrameName(epoch: epoch, sequence: frame.sequence)
      record.frames.missing &+= missing
      return IngestReceipt(
        host: host, epoch: epoch, highest: highest, outcome: .stored(samples: samples, missing: missing),
        seriesRefused: refused)
    }
    counts.frames &+= 1
    if receipt.isDuplicate { counts.duplicates &+= 1 }
    counts.sequence = receipt.highest
    return receipt
  }

  /// Puts a frame into the hot tier: what changed, if the tier ends with the stream's previous frame, else everything.
  /// Returns how many samples that is.
  private func store(
    _ frame: borrowing DecodedFrame, in record: inout HostRecord, continuing isContinued: Bool, at now: Moment
  ) -> Int {
    record.begin(bootID: bootID)
    defer { record.end(frame, at: now) }
    if isContinued {
      return map.withChanges(of: frame) { record.append($0, gone: $1, frame.wallTimeMicroseconds) }
    }
    map.translateInFull(decoder, presentIn: record.store)
    defer { map.forgetTranslation() }
    return map.withTranslated { record.append($0, gone: $1, frame.wallTimeMicroseconds) }
  }

  /// A new frame was taken under a config that may be another than before: tells who steers, once per stream and when
  /// it changes.
  private func tellConfig(of host: Host, at now: Moment) {
    guard let config = untoldConfig else { return }
    untoldConfig = nil
    let (isChanged, isOwn) = host.withRecord { record in
      defer { record.configSHA256 = config }
      return (record.configSHA256 != config, record.isOwn)
    }
    guard isChanged || !hasToldConfig, !isOwn else { return }
    hasToldConfig = true
    fleet.hooks?.stamped(host.id, sha256: config, at: now)
  }
}

extension HostRecord {
  /// A frame of this boot comes.
  fileprivate mutating func begin(bootID: String) {
    guard lastStored == nil || vitalsBootID != bootID else { return }
    vitals.startAgain()
    vitalsBootID = bootID
  }

  /// Puts what a frame says into the hot tier and the vitals. Returns how many samples it has.
  fileprivate mutating func append(
    _ changes: UnsafeBufferPointer<HotChange>, gone: UnsafeBufferPointer<UInt32>, _ time: Int64
  ) -> Int {
    store.append(timeMicroseconds: time, changes: changes, gone: gone)
    for change in changes { vitals.observe(Int(change.index), raw: change.raw) }
    for index in gone { vitals.lose(Int(index)) }
    return changes.count
  }

  /// A new look at the processes. What a command line is, is said once: the others have it from the list before.
  fileprivate mutating func take(_ list: ProcessList) {
    let before = processes?.processes ?? []
    var list = list
    for (place, process) in list.processes.enumerated() where process.commandLine.isEmpty {
      guard let known = before.first(where: { process.isSame(as: $0) }) else { continue }
      list.processes[place].commandLine = known.commandLine
    }
    processes = list
  }

  /// The frame is stored.
  fileprivate mutating func end(_ frame: borrowing DecodedFrame, at now: Moment) {
    vitals.endFrame(monotonicMicroseconds: frame.monotonicMicroseconds)
    frames.fresh &+= 1
    presence.frameArrived(at: now)
    lag = now.wallMicroseconds &- (frame.wallTimeMicroseconds &+ clockOffset)
  }
}
