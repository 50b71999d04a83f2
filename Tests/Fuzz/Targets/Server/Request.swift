/// The header list of a request: by default one that the server takes, otherwise wrong in one way or several.
enum Request {
  static func fields(_ script: inout Script) -> [(String, String)] {
    let path = script.pick(ServerMethods.paths + ["/fuzz.Fuzz/None", "/none.None/None", "/", "nothing", ""])
    let form = script.byte()
    var fields = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "fuzz")]
    fields += [("te", "trailers"), ("content-type", "application/grpc")]
    if form & 1 != 0 { change(&fields, &script) }
    if form & 2 != 0 { fields.append(("grpc-timeout", script.pick(timeouts))) }
    if form & 4 != 0 { fields.append(("grpc-encoding", script.pick(["gzip", "identity", "snappy", ""]))) }
    if form & 8 != 0 {
      fields.append(("grpc-accept-encoding", script.pick(["gzip", " gzip ,x", "identity"])))
    }
    if form & 16 != 0 { fields.append((text(&script), text(&script))) }
    if form & 32 != 0 { fields.append(("long", String(repeating: "x", count: script.size()))) }
    if form & 64 != 0 { fields.append(("refuse", "please")) }
    return fields
  }

  private static let timeouts = ["1S", "10m", "1n", "0S", "99999999H", "100u", "-1S", "1", "123456789S", ""]

  /// One field gets another value, goes, or comes twice.
  private static func change(_ fields: inout [(String, String)], _ script: inout Script) {
    let index = script.choice(fields.count)
    switch script.choice(4) {
    case 0: fields.remove(at: index)
    case 1: fields.append(fields[index])
    case 2: fields[index].1 = text(&script)
    default:
      fields[index].1 = script.pick([
        "GET", "application/grpc+proto", "application/grpcx", "text/html", "CONNECT",
      ])
    }
  }

  private static func text(_ script: inout Script) -> String {
    String(decoding: script.sizedBytes(), as: UTF8.self)
  }
}
