/// Writes flags as the other implementations' interop programs take them in the form that ArgumentParser takes: a
/// switch alone, `--use_tls`, becomes `--use_tls=true`.
public func spellingOut(switches: [String], in arguments: [String]) -> [String] {
  var spelled: [String] = []
  for (index, argument) in arguments.enumerated() {
    let next = index + 1 < arguments.count ? arguments[index + 1] : ""
    let isSwitch = switches.contains(argument) && next != "true" && next != "false"
    spelled.append(isSwitch ? argument + "=true" : argument)
  }
  return spelled
}
