import Glibc

// What the load programs share: one thread with epoll, the server's CPU time, figures as JSON. Not shipped.

/// What went wrong, in one sentence.
public struct LoadError: Error, CustomStringConvertible {
  /// The sentence.
  public let description: String

  /// An error that this says.
  public init(_ description: String) { self.description = description }
}

/// Ten thousand connections need as many descriptors; the default is often 1024.
public func raiseDescriptorLimit() {
  var limit = rlimit()
  let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  guard getrlimit(kind, &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  _ = setrlimit(kind, &limit)
}

/// Says something to the people at the terminal.
public func complain(_ what: String) {
  let line = what + "\n"
  _ = line.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
