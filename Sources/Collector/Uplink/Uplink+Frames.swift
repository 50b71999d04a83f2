public import GRPC
public import Wire

extension Uplink {
  /// How much of the ring is given up at once when a slow connection lets frames be dropped that it
  /// never sent: the stream must then begin anew, which should be rare.
  static let overrunShare = 8

  /// The sequence that the next collected frame must carry.
  public var nextSequence: UInt64 { ring.nextSequence }

  /// A sample was taken and packed, with `nextSequence` in it.
  ///
  /// - Parameter dictionary: if the frame begins a dictionary, what the frames before it described.
  public mutating func collected(
    _ frame: UnsafeRawBufferPointer, ending dictionary: [SeriesDescriptor]? = nil
  ) {
    let droppedBefore = ring.dropped
    ring.append(frame, ending: dictionary)
    noteDropped(since: droppedBefore)
  }

  /// Other limits hold for the ring: what is too much is dropped at once.
  public mutating func resizeRing(_ limits: FrameRingLimits) {
    let droppedBefore = ring.dropped
    settings.ring = limits
    ring.resize(limits)
    noteDropped(since: droppedBefore)
  }

  /// A stream that has not sent what was dropped cannot go on: it would tear.
  private mutating func noteDropped(since droppedBefore: UInt64) {
    guard ring.dropped > droppedBefore, case .streaming(let session) = state,
      case .open(let next?) = session.push, next < ring.firstSequence
    else { return }
    ring.dropOldest(ring.count / Self.overrunShare)
    act(.report(.overrun(dropped: Int(ring.dropped - droppedBefore))))
    finishPush()
  }

  /// Hands out the next frame to send on the Push call; false when there is none. A call ends with its dictionary: the
  /// frame that begins another one is the first of the next call.
  ///
  /// - Parameters:
  ///   - descriptors: the series known so far; an opening frame describes them.
  ///   - scratch: where an opening frame is made; its content is replaced.
  ///   - body: takes the bytes, which are valid only during the call. It must not call the uplink.
  public mutating func takeFrame(
    descriptors: [SeriesDescriptor], scratch: inout [UInt8], at now: Moment,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) -> Bool {
    guard var session else { return false }
    switch session.push {
    case .open(let next?):
      guard !ring.beginsDictionary(at: next) else {
        finishPush()
        return false
      }
      guard ring.withFrame(next, body) != nil else { return false }
      session.push = .open(next: next + 1)
    case .open(nil), .opening:
      // One that was dropped meanwhile is made up for by the oldest there is.
      let later = session.push.next.flatMap { $0 > ring.firstSequence ? $0 : nil }
      scratch.removeAll(keepingCapacity: true)
      guard
        ring.appendOpeningFrame(opening, descriptors: descriptors, at: later, to: &scratch)
      else { return false }
      scratch.withUnsafeBytes(body)
      session.push = .open(next: (later ?? ring.firstSequence) + 1)
    case .finishing, .ended: return false
    }
    self.session = session
    counters.framesSent += 1
    settle(at: now)
    return true
  }

  /// The Push call is over.
  public mutating func pushEnded(_ status: Status, at now: Moment) {
    guard var session else { return }
    guard case .finishing = session.push, status.isOK else {
      // Whatever it was, frames under way are repeated on the next stream.
      return endUnasked(session, status, at: now)
    }
    session.push = .ended(next: session.push.next)
    self.session = session
    let beginning = beginning(session.push.next)
    switch state {
    case .streaming: reopenPush(at: beginning)
    // What is left after an overrun is given up, but this is not that.
    case .leaving where beginning != nil: reopenPush(at: beginning)
    default: settle(at: now)
    }
  }

  /// Lets go of acknowledged frames, as far as this stream sent them.
  mutating func take(_ acknowledge: Acknowledge, at now: Moment) {
    let sent = (session?.push.next ?? 1) - 1
    if acknowledge.epoch != hello.epoch || acknowledge.sequence > sent {
      counters.ignoredAcknowledgements += 1
    }
    guard acknowledge.epoch == hello.epoch else { return }
    ring.acknowledge(through: min(acknowledge.sequence, sent))
    settle(at: now)
  }

  /// Half-closes the Push call, once.
  mutating func finishPush() {
    guard var session else { return }
    switch session.push {
    case .open, .opening: session.push = .finishing(next: session.push.next)
    case .finishing, .ended: return
    }
    self.session = session
    act(.finishPush)
  }

  /// The frame, if it begins a dictionary.
  private func beginning(_ sequence: UInt64?) -> UInt64? {
    guard let sequence, ring.beginsDictionary(at: sequence) else { return nil }
    return sequence
  }

  /// Opens another call on the connection: with the frame that begins a dictionary, or with the oldest.
  private mutating func reopenPush(at beginning: UInt64?) {
    session?.push = beginning.map { .opening(at: $0) } ?? .open(next: nil)
    act(.openPush)
  }

  private mutating func endUnasked(_ session: Session, _ status: Status, at now: Moment) {
    switch state {
    case .streaming: retry(Self.setback(status, "Push", established: true), at: now)
    case .draining: leaveForAnother(at: now)
    case .leaving:
      self.session?.push = .ended(next: session.push.next)
      settle(at: now)
    default: break
    }
  }

  private var opening: StreamOpening {
    StreamOpening(
      hostID: hello.hostID, bootID: hello.bootID, epoch: hello.epoch, instance: hello.instance,
      labels: hello.labels)
  }
}
