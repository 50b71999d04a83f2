internal import Foundation
internal import Steering
internal import Wire

// The elements of lists that are kept as JSON, as JSON has them. Names are part of the file's format. Hashes
// are hexadecimal; what a newer version calls by a number that is not known here is not known.

struct LabelText: Codable {
  var name: String
  var value: String

  init(_ label: Label) { (name, value) = (label.name, label.value) }

  var label: Label { Label(name, value) }
}

struct FailureText: Codable {
  var sha256: String
  var state: Int
  var reason: String
  var rollout: UInt64

  init(_ failure: StoredConfigFailure) {
    sha256 = hexadecimal(failure.sha256)
    state = failure.state.rawValue
    reason = failure.reason
    rollout = failure.rollout
  }

  var failure: StoredConfigFailure {
    StoredConfigFailure(
      sha256: bytes(hexadecimal: sha256), state: ConfigState(rawValue: state) ?? .unknown, reason: reason,
      rollout: rollout)
  }
}

struct CountText: Codable {
  var state: Int
  var hosts: UInt32

  init(_ count: RolloutCount) { (state, hosts) = (count.state.rawValue, count.hosts) }

  var count: RolloutCount { RolloutCount(state: ConfigState(rawValue: state) ?? .unknown, hosts: hosts) }
}

struct TroubledText: Codable {
  var hostID: String
  var instance: String
  var wave: UInt32
  var state: Int
  var reason: String

  enum CodingKeys: String, CodingKey {
    case hostID = "host_id"
    case instance, wave, state, reason
  }

  init(_ host: RolloutHost) {
    hostID = host.hostID
    instance = host.instance
    wave = host.wave
    state = host.state.rawValue
    reason = host.reason
  }

  var host: RolloutHost {
    RolloutHost(
      hostID: hostID, instance: instance, wave: wave, state: ConfigState(rawValue: state) ?? .unknown,
      reason: reason)
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".unicodeScalars)
  var text = String.UnicodeScalarView()
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(text)
}

private func bytes(hexadecimal text: String) -> [UInt8] {
  let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
