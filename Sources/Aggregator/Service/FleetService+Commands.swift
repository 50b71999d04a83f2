import GRPC
import Wire

extension FleetService {
  /// Registers what changes something, or tells who did.
  func registerCommands(in router: inout Router) {
    router.serverStreaming(MusterService.runCommand) { request, stream throws(Status) in
      try RunCall(stream, service: self).start(try order(request, from: stream.call.connection.peer))
    }
    // Answered when it is durable.
    router.serverStreaming(MusterService.retireHosts) { request, stream throws(Status) in
      try retire(request, stream)
    }
    router.serverStreaming(MusterService.expectHosts) { request, stream throws(Status) in
      try expect(request, stream)
    }
    router.serverStreaming(MusterService.listAudit) { request, stream throws(Status) in
      guard request.limit <= Self.maximumAuditEntries else {
        throw Status(
          .invalidArgument,
          "limit \(request.limit): accepted are 1 to \(Self.maximumAuditEntries), and 0 for 100")
      }
      ListAuditCall.start(stream, request, runs.audit)
    }
  }

  /// What a request asks for, checked.
  private func order(_ request: RunCommandRequest, from address: String) throws(Status) -> RunOrder {
    var order = RunOrder(action: request.action, hosts: [])
    order.selector = request.selector
    order.author = request.author
    order.message = request.message
    order.address = address
    order.idempotencyKey = request.idempotencyKey
    if request.timeoutMilliseconds > 0 { order.timeout = .milliseconds(Int64(request.timeoutMilliseconds)) }
    guard RunLimits.timeout.contains(order.timeout) else {
      throw Status(
        .invalidArgument,
        "timeout_ms \(request.timeoutMilliseconds): accepted are \(RunLimits.timeout.lowerBound.wholeMilliseconds) to \(RunLimits.timeout.upperBound.wholeMilliseconds), and 0 for \(RunLimits.defaultTimeout.wholeMilliseconds)"
      )
    }
    if request.outputLimitBytes > 0 { order.outputLimitBytes = Int(request.outputLimitBytes) }
    guard order.outputLimitBytes <= RunLimits.outputBytes else {
      throw Status(
        .invalidArgument,
        "output_limit_bytes \(request.outputLimitBytes): accepted are 1 to \(RunLimits.outputBytes), and 0 for \(RunLimits.defaultOutputBytes)"
      )
    }
    if request.expiresMicroseconds != 0 {
      let rest = request.expiresMicroseconds.subtractingReportingOverflow(clock.now.wallMicroseconds)
      guard !rest.overflow, rest.partialValue > 0 else {
        throw Status(.failedPrecondition, "the command's time to live has passed; nothing was sent")
      }
      order.timeToLive = .microseconds(rest.partialValue)
    }
    order.hosts = try fleet.collectors(selectedBy: request.selector)
    return order
  }
}
