import COpenSSL

/// OpenSSL's view of a `Socket`. Its own socket BIO writes with `write(2)`, which raises SIGPIPE; this one goes
/// through `Socket`, which does not, and which counts the bytes.
///
/// A BIO borrows its socket: whoever makes one keeps the socket alive for as long.
final class SocketBIO {
  private let method: OpaquePointer

  init?() {
    let kind = openSSL.BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
    guard let method = openSSL.BIO_meth_new(kind, "muster socket") else { return nil }
    self.method = method
    _ = openSSL.BIO_meth_set_read(method) { bio, bytes, count in SocketBIO.read(bio, bytes, count) }
    _ = openSSL.BIO_meth_set_write(method) { bio, bytes, count in SocketBIO.write(bio, bytes, count) }
    _ = openSSL.BIO_meth_set_ctrl(method) { bio, command, _, _ in SocketBIO.control(bio, command) }
  }

  deinit { openSSL.BIO_meth_free(method) }

  /// A BIO on `end`, owned by the caller.
  func make(on end: SocketEnd) -> OpaquePointer? {
    guard let bio = openSSL.BIO_new(method) else { return nil }
    openSSL.BIO_set_data(bio, Unmanaged.passUnretained(end).toOpaque())
    openSSL.BIO_set_init(bio, 1)
    return bio
  }

  private static func end(of bio: OpaquePointer?) -> SocketEnd? {
    guard let data = openSSL.BIO_get_data(bio) else { return nil }
    return Unmanaged<SocketEnd>.fromOpaque(data).takeUnretainedValue()
  }

  private static func read(_ bio: OpaquePointer?, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int32)
    -> Int32
  {
    copenssl_bio_clear_retry(OpenSSL.functions, bio)
    guard let end = end(of: bio), count > 0 else { return -1 }
    do {
      let received = try end.socket.receive(into: .init(start: bytes, count: Int(count)))
      if received == 0 { end.isAtEnd = true }
      return Int32(received)
    } catch {
      if error.isBlocked { copenssl_bio_set_retry_read(OpenSSL.functions, bio) } else { end.failure = error }
      return -1
    }
  }

  private static func write(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int32) -> Int32 {
    copenssl_bio_clear_retry(OpenSSL.functions, bio)
    guard let end = end(of: bio), count > 0 else { return -1 }
    do {
      return Int32(try end.socket.send(.init(start: bytes, count: Int(count))))
    } catch {
      if error.isBlocked { copenssl_bio_set_retry_write(OpenSSL.functions, bio) } else { end.failure = error }
      return -1
    }
  }

  private static func control(_ bio: OpaquePointer?, _ command: Int32) -> Int {
    switch command {
    case BIO_CTRL_FLUSH: 1
    case BIO_CTRL_EOF: end(of: bio)?.isAtEnd == true ? 1 : 0
    default: 0
    }
  }
}

/// A socket under OpenSSL, and what OpenSSL does not pass on: how the last call on it failed.
final class SocketEnd {
  let socket: Socket
  /// The peer ended its half.
  var isAtEnd = false
  /// What the socket said when the last operation of the channel failed on it.
  var failure: SystemFailure?

  init(_ socket: Socket) { self.socket = socket }
}
