import Settings
import Wire

// What commands that the core carries out answer with.
extension CollectorCore {
  /// `sampling every 1s`, and why it is not what was asked for.
  func resolutionText(_ action: SetResolutionAction) -> String {
    let text = "sampling every \(DurationText.text(interval))"
    let asked = Duration.milliseconds(action.intervalMilliseconds)
    guard action.intervalMilliseconds > 0, asked != interval else { return text }
    if asked < leases.minimum, interval == leases.minimum {
      return text + ", which is the shortest interval that remote.minimum_interval allows on this host"
    }
    return text + (interval < asked ? ", as another holder wants it" : ", to keep within the budget")
  }
}
