// swift-tools-version: 6.2
import PackageDescription

// The fuzz targets, apart from the main package because every module in them is built with coverage counters.
// Sources/ holds links to the modules under test; they are what the main package says they are.

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
  name: "muster-fuzz",
  targets: [
    .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CProtobufC", linkerSettings: [.linkedLibrary("protobuf-c")]),
    module("HTTP2", ["CNghttp2"]),
    module("GRPC", ["HTTP2"]),
    module("Gzip", ["GRPC", "CZlib"]),
    module("Wire", ["GRPC", "CProtobufC"]),
    .executableTarget(
      name: "fuzz", dependencies: ["CNghttp2", "GRPC", "Gzip", "HTTP2", "Wire"], path: "Targets",
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
