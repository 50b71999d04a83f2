internal import CProtobufC

/// What a frame says about the config that was in force when its values were read: `config_sha256` and
/// `config_is_local`. Most frames say nothing, which means "as before".
///
/// Before the first frame of a stream, none but the local file is in force; so a first frame that says nothing
/// means that.
enum FrameStamp: Hashable {
  case config([UInt8])
  case local

  /// What a frame has to say; nil: nothing. `config` and `before` are SHA-256, empty for none.
  init?(_ config: [UInt8], after before: [UInt8], isFirst: Bool) {
    if !config.isEmpty, isFirst || config != before {
      self = .config(config)
    } else if config.isEmpty, !before.isEmpty, !isFirst {
      self = .local
    } else {
      return nil
    }
  }

  /// The SHA-256; empty for the local file.
  var sha256: [UInt8] {
    switch self {
    case .config(let sha256): sha256
    case .local: []
    }
  }

  func fill(_ frame: inout Muster__V1__MetricsFrame, _ arena: Arena) {
    switch self {
    case .config(let sha256): frame.config_sha256 = arena.bytes(sha256)
    case .local: frame.config_is_local = 1
    }
  }
}
