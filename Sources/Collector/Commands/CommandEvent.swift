import Wire

extension CommandDesk {
  /// What the desk has for the loop. In the order in which it is handed out: a command's parts, then its
  /// result.
  enum Event {
    /// To be sent up.
    case output(CommandOutput)
    /// To be sent up. Nothing about the command follows.
    case result(CommandResult)
    /// To be done, and then answered with `finish` and the command's id.
    case effect(Effect, String)
  }
}
