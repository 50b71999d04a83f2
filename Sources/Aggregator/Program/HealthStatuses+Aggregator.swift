import GRPC
import GRPCServices
import Wire

extension HealthStatuses {
  /// The aggregator's services, none of them serving yet.
  static func ofAggregator() -> HealthStatuses {
    // One method of each service: its path begins with the service's name.
    let paths = [
      MusterService.pushPath, MusterService.attach.path, MusterService.watchConfig.path,
      MusterService.getVersion.path, MusterService.pushConfig.path,
    ]
    return HealthStatuses(services: paths.map { String($0.dropFirst().prefix { $0 != "/" }) })
  }
}
