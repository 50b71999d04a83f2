/// Header lists of a server: by default ones that the client takes, otherwise wrong in one way or several.
enum Response {
  static func headers(_ script: inout Script) -> [(String, String)] {
    let form = script.byte()
    var fields = [(":status", "200"), ("content-type", "application/grpc")]
    if form & 1 != 0 { fields[0].1 = script.pick(["100", "204", "404", "503", "", "2000", "200 ", "1"]) }
    if form & 2 != 0 {
      fields[1].1 = script.pick(["application/grpc+proto", "text/html", "", "application/grpcx"])
    }
    if form & 4 != 0 { fields.append(("grpc-encoding", script.pick(["gzip", "identity", "snappy"]))) }
    if form & 8 != 0 { fields.append((text(&script), text(&script))) }
    if form & 16 != 0 { fields += trailers(&script) }
    if form & 32 != 0 { fields.append(("long", String(repeating: "x", count: script.size()))) }
    if form & 64 != 0 { fields.remove(at: script.choice(fields.count)) }
    return fields
  }

  static func trailers(_ script: inout Script) -> [(String, String)] {
    let form = script.byte()
    var fields = [("grpc-status", "0")]
    if form & 1 != 0 {
      fields[0].1 = script.pick(["1", "16", "17", "-1", "x", "", "99999999999999999999", "00"])
    }
    if form & 2 != 0 { fields.append(("grpc-message", text(&script))) }
    if form & 4 != 0 { fields.append((text(&script), text(&script))) }
    if form & 8 != 0 { fields.remove(at: 0) }
    return fields
  }

  private static func text(_ script: inout Script) -> String {
    String(decoding: script.sizedBytes(), as: UTF8.self)
  }
}
