import Testing
import Wire

@testable import Steering

private func layers(_ documents: (selector: String, version: UInt64, yaml: String)...) throws -> ConfigLayers
{
  ConfigLayers(
    try documents.map {
      ConfigLayers.Layer(
        selector: $0.selector, version: $0.version, config: try ConfigText.parse($0.yaml, file: "f"))
    })
}

private func lines(_ layers: ConfigLayers) -> [String] {
  layers.explained.map { value in
    let hides = value.hides.isEmpty ? "" : " hides \(value.hides.joined(separator: " | "))"
    return "\(value.key) \(value.value) from \(value.version) \"\(value.selector)\"\(hides)"
  }
}

@Suite struct DocumentsLayersTests {
  @Test func withoutLayersNothingIsSaid() {
    let none = ConfigLayers([])
    #expect(none.merged == CollectorConfig(schema: ConfigSchema.version))
    #expect(none.merged.problems().isEmpty)
    #expect(none.explained.isEmpty)
  }

  @Test func oneLayerIsItself() throws {
    let one = try layers(("", 1, "interval: 5s\nlabels: {a: b}\nsources: {stat: off}"))
    #expect(one.merged == one.layers[0].config)
    #expect(one.merged.sha256 == one.layers[0].config.sha256)
  }

  @Test func laterLayersWinKeyByKey() throws {
    let three = try layers(
      ("", 3, "interval: 5s\nbuffer: {bytes: 4MiB, frames: 100}\nlabels: {team: ops, area: x}\nrecorder: on"),
      (
        "role=web", 7,
        "interval: 10s\nbuffer: {frames: 200}\nlabels: {team: web}\nsources: {stat: off, vmstat: 15s}"
      ),
      ("instance=web-1", 5, "interval: 1s\nsources: {stat: on}\nrecorder: off\nbudget: {cpu: 1%}"))
    #expect(
      lines(three) == [
        "interval 1s from 5 \"instance=web-1\" hides 5s (version 3) | 10s (version 7)",
        "sources.stat on from 5 \"instance=web-1\" hides off (version 7)",
        "sources.vmstat 15s from 7 \"role=web\"",
        "labels.area x from 3 \"\"",
        "labels.team web from 7 \"role=web\" hides ops (version 3)",
        "buffer.bytes 4MiB from 3 \"\"",
        "buffer.frames 200 from 7 \"role=web\" hides 100 (version 3)",
        "budget.cpu 1% from 5 \"instance=web-1\"",
        "recorder off from 5 \"instance=web-1\" hides on (version 3)",
      ])
    let entries = ConfigText.entries(of: three.merged)
    #expect(entries.map { "\($0.key) \($0.value)" } == three.explained.map { "\($0.key) \($0.value)" })
  }

  @Test func filtersAreReplacedWithBothTheirLists() throws {
    let two = try layers(
      ("", 1, "filters: {mount_points: {include: [/, /var]}, disk_devices: {exclude: [loop*]}}"),
      ("role=db", 2, "filters: {mount_points: {exclude: [/mnt/*]}}"))
    #expect(
      two.merged.filters == [
        FilterConfig(name: "disk_devices", exclude: ["loop*"]),
        FilterConfig(name: "mount_points", exclude: ["/mnt/*"]),
      ])
    #expect(
      lines(two) == [
        "filters.disk_devices.exclude [loop*] from 1 \"\"",
        "filters.mount_points.exclude [/mnt/*] from 2 \"role=db\" "
          + "hides filters.mount_points.include [/, /var] (version 1)",
      ])
  }

  @Test func aSourceIsNeverReadMoreOftenThanTheCollectorSamples() throws {
    let two = try layers(("", 1, "sources: {filesystem: 15s}"), ("role=db", 2, "interval: 30s"))
    #expect(two.merged.problems().isEmpty)
    #expect(
      lines(two) == [
        "interval 30s from 2 \"role=db\"", "sources.filesystem 30s from 1 \"\" hides 15s (version 1)",
      ])
  }

  @Test func sayingTheSameAgainMovesTheOrigin() throws {
    let two = try layers(("", 1, "interval: 5s"), ("role=db", 2, "interval: 5s"))
    #expect(lines(two) == ["interval 5s from 2 \"role=db\" hides 5s (version 1)"])
  }

  /// Merging is what applying one document after the other would come to, whatever is in them.
  @Test func mergingIsAssociative() throws {
    let documents = [
      "interval: 5s\nlabels: {a: b, c: d}", "sources: {stat: off, netdev: 30s}\nlabels: {a: x}",
      "filters: {mount_points: {exclude: [x]}}\nrecorder: on", "interval: 10s\nlog: {level: debug}",
      "sources: {stat: on}\nheartbeat_interval: 2s\nbudget: {memory: 8MiB}",
    ].enumerated().map { (selector: "l\($0.offset)", version: UInt64($0.offset + 1), yaml: $0.element) }
    for _ in 0..<200 {
      let some = documents.shuffled().prefix(Int.random(in: 0...documents.count))
      let all = try some.map {
        ConfigLayers.Layer(
          selector: $0.selector, version: $0.version, config: try ConfigText.parse($0.yaml, file: "f"))
      }
      let cut = Int.random(in: 0...all.count)
      let first = ConfigLayers.Layer(
        selector: "", version: 0, config: ConfigLayers(Array(all[..<cut])).merged)
      #expect(ConfigLayers([first] + all[cut...]).merged == ConfigLayers(all).merged)
    }
  }
}
