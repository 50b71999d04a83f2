public import GRPC

/// The responses of one call, as they arrive, for one reader.
///
/// A slow reader holds the server back: at most `MessageInbox.pauseAtBytes` and one stream window wait here.
/// When the sequence and its iterator are dropped, or the reading task is cancelled, the call is cancelled.
/// Ends with nil when the call ended OK, else by throwing the call's status.
public struct ResponseStream<Response: GRPCMessage>: AsyncSequence, Sendable {
  /// A decoded response.
  public typealias Element = Response
  /// How a call that did not end OK ended.
  public typealias Failure = Status

  private let owner: CallOwner

  init(_ owner: CallOwner) {
    self.owner = owner
  }

  /// The server's headers, once they are there; empty when it answered with a status alone.
  public nonisolated(nonsending) func headers() async -> Metadata {
    await owner.call.inbox.headers(of: owner.call)
  }

  /// What the server sent along with its status; nil before the call has ended.
  public var trailers: Metadata? { owner.call.inbox.end?.trailers }

  /// The most bytes of responses that ever waited for the reader.
  public var bufferedBytesPeak: Int { owner.call.inbox.bytesPeak }

  /// Ends the call with CANCELLED.
  public func cancel() {
    owner.call.cancel()
  }

  /// The iterator of the one reader.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(owner)
  }

  /// Reads responses.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let owner: CallOwner
    /// Whether the response that `next` gave last was compressed on its way.
    public private(set) var wasCompressed = false

    fileprivate init(_ owner: CallOwner) {
      self.owner = owner
    }

    /// The next response, nil at the end, or throws the status of a call that failed.
    public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws(Status)
      -> Response?
    {
      guard let message = try await owner.call.inbox.next(of: owner.call) else { return nil }
      wasCompressed = message.wasCompressed
      return try decode(message.bytes)
    }

    private func decode(_ message: [UInt8]) throws(Status) -> Response {
      do throws(Status) {
        return try Response(decodingBytes: message)
      } catch {
        owner.call.cancel()
        throw error
      }
    }
  }
}

extension GRPCMessage {
  init(decodingBytes message: [UInt8]) throws(Status) {
    let result = message.withUnsafeBytes { bytes -> Result<Self, Status> in
      do throws(Status) {
        return .success(try Self(decoding: bytes))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  var encodedBytes: [UInt8] {
    var bytes: [UInt8] = []
    encode(into: &bytes)
    return bytes
  }
}
