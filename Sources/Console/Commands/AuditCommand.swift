import GRPC
import GRPCNIO
import Glibc
import Wire

/// `muster audit`: who did what to which hosts, when, with what result.
public struct AuditCommand: Sendable {
  /// Which entries; empty and nil: all.
  public struct Filter: Sendable {
    /// Exactly this author.
    public var author: String
    /// Actions that begin so: `run`, `config`, `config.push`.
    public var action: String
    /// What concerned this host, by its name or id.
    public var host: String
    /// Not older than this.
    public var since: DurationArgument?
    /// The newest so many; 0: 100.
    public var limit: UInt32

    /// A filter of these conditions.
    public init(
      author: String = "", action: String = "", host: String = "", since: DurationArgument? = nil,
      limit: UInt32 = 0
    ) {
      self.author = author
      self.action = action
      self.host = host
      self.since = since
      self.limit = limit
    }
  }

  /// An export of everything takes longer than an answer to one question.
  private static let timeout = Duration.seconds(120)

  private let aggregator: AggregatorOptions
  private let filter: Filter
  private let output: OutputFormat

  /// Will list what passes the filter.
  public init(aggregator: AggregatorOptions, filter: Filter, output: OutputFormat) {
    self.aggregator = aggregator
    self.filter = filter
    self.output = output
  }

  /// Prints the entries, newest first; in JSON as they come.
  public func run() async throws {
    let since = filter.since.map { WallClock.microseconds - Int64($0.milliseconds) * 1_000 } ?? 0
    let request = ListAuditRequest(
      author: filter.author, action: filter.action, host: filter.host, sinceMicroseconds: since,
      limit: filter.limit)
    let client = try await aggregator.connect()
    var entries: [AuditEntry] = []
    do {
      for try await entry in try await client.serverStreaming(
        MusterService.listAudit, request, timeout: Self.timeout)
      {
        switch output {
        case .json: StandardOutput.write(try JSONOutput.line(AuditDocument(entry)))
        // No more than were asked for.
        case .table: entries.append(entry)
        }
      }
    } catch let status as Status {
      throw CommandFailure(endOfStream: status, aggregator: aggregator.address)
    }
    await client.close()
    guard output == .table else { return }
    guard !entries.isEmpty else {
      StandardError.write("nothing of that kind is in the audit log\n")
      return
    }
    StandardOutput.write(AuditTable.table(entries).text(style: .suiting(descriptor: STDOUT_FILENO)))
  }
}
