import GRPC
import Wire

/// A command for many hosts, checked: what `CommandRuns.start` takes.
struct RunOrder: Sendable {
  /// What is to be done.
  var action: Action
  /// What selected the hosts, for the audit log.
  var selector = ""
  /// Who is to do it.
  var hosts: [Host]
  /// Results that have not come by then are timed out.
  var timeout = RunLimits.defaultTimeout
  /// How long from now a host may still begin; `nil`: as long as the timeout.
  var timeToLive: Duration?
  /// What one host may send.
  var outputLimitBytes = RunLimits.defaultOutputBytes
  /// Two orders with one key are one run; empty: none.
  var idempotencyKey = ""
  /// Who asks, as the peer says; from which address; and why.
  var author = ""
  var address = ""
  var message = ""
  /// What the audit log calls it; `nil`: `run.` and the command's name.
  var auditAction: String?
}
