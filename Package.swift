// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target: Swift 6 mode, nothing implicit, no warnings.
let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  // Each function in a section of its own, for the linker to order them; see `collectorLinking`.
  .unsafeFlags(["-Xfrontend", "-function-sections"], .when(configuration: .release)),
]

/// Regular expressions are a megabyte of library and 60 kB of relocated tables, which any `contains` of a text or
/// `replacing` brings along unless their module is out of sight.
let collectorSettings =
  swiftSettings + [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])]

/// What keeps the collector's resident memory small, as far as linking goes; docs/ARCHITECTURE.md, "Memory", has what
/// each brings. Only LLVM's linker, which comes with Swift, takes such lists.
let collectorLinking: [LinkerSetting] = [
  .unsafeFlags(
    ["-use-ld=lld"]
      + [
        // The functions that always run lie side by side, as recorded by scripts/link-order/record.
        "--no-warn-symbol-ordering",
        "--symbol-ordering-file=\(Context.packageDirectory)/scripts/link-order/muster-collector.txt",
        // Constants are not among what can be written.
        "-T", "\(Context.packageDirectory)/scripts/link-order/constants.ld",
        // Everything is looked up at start, and later no table of names is read.
        "-z", "now",
        // Nobody loads code that would look for the program's symbols.
        "--no-export-dynamic",
      ].flatMap { ["-Xlinker", $0] }, .when(configuration: .release))
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// A part of the collector.
func collectorModule(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: collectorSettings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies, path: "Tests/" + name, exclude: exclude,
    swiftSettings: swiftSettings)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let database = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "muster",
  products: [
    .executable(name: "muster-collector", targets: ["muster-collector"]),
    .executable(name: "muster-aggregator", targets: ["muster-aggregator"]),
    .executable(name: "muster", targets: ["muster"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // C libraries, each imported by one module only.
    .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
    // Its headers only: Sources/Link/OpenSSL.swift loads the libraries.
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "CProtobufC", linkerSettings: [.linkedLibrary("protobuf-c")]),
    .target(name: "CDescriptors"),

    // The stream.
    collectorModule("HTTP2", ["CNghttp2"]),
    collectorModule("GRPC", ["HTTP2"]),
    module("Gzip", ["GRPC", "CZlib"]),
    module("GRPCNIO", ["GRPC", nioCore, nioPosix, nioSSL, nioTLS, logging]),
    collectorModule("Link", ["GRPC", "Threads", "COpenSSL"]),
    collectorModule("Wire", ["GRPC", "CProtobufC"]),
    // Services that gRPC has standardised: health, reflection.
    module("GRPCServices", ["GRPC", "Wire", "CDescriptors"]),

    // Leaves: they import no other module of the project.
    collectorModule("ProcFS"),
    collectorModule("Settings", ["CYaml"]),
    module("TimeSeries"),
    collectorModule("StructuredLog", [logging]),
    collectorModule("Threads", ["CLinux"]),

    // One host's kernel, read pass by pass into a table of series.
    collectorModule("Sampling", ["CLinux", "ProcFS", "Threads", "Wire", "GRPC"]),

    // Which hosts and metrics are meant.
    collectorModule("Selection", ["Wire", "GRPC"]),
    // Configuration for a fleet: documents, layers, rollouts. Decides, and does nothing itself.
    module("Steering", ["Wire", "GRPC", "Selection", "Settings"]),
    // What the aggregator keeps in its SQLite file.
    module("Records", ["Wire", "GRPC", "Steering", database]),

    // The two halves of the service.
    collectorModule(
      "Collector",
      [
        "CLinux", "ProcFS", "Sampling", "Wire", "GRPC", "Link", "Selection", "Settings", "StructuredLog",
        logging,
      ]),
    module(
      "Aggregator",
      [
        "Wire", "GRPC", "GRPCNIO", "GRPCServices", "Gzip", "TimeSeries", "Selection", "Steering",
        "Records", "Settings", "StructuredLog",
        nioCore, nioPosix, logging,
      ]),

    // The operator's terminal: commands, tables, the live view.
    module("Console", ["Wire", "GRPC", "GRPCNIO", "Settings", nioPosix]),

    .executableTarget(
      name: "muster-collector", dependencies: ["Collector"], swiftSettings: collectorSettings,
      linkerSettings: collectorLinking),
    program("muster-aggregator", ["Aggregator", arguments]),
    program("muster", ["Console", arguments]),

    // What `make bench` drives the aggregator with.
    .executableTarget(
      name: "muster-load", dependencies: ["GRPC", "Link", "LoadLoop", "Wire"],
      path: "Benchmarks/muster-load", swiftSettings: swiftSettings),
    // What it shares with `grpc-load`.
    .systemLibrary(name: "CEpoll", path: "Benchmarks/load-loop/CEpoll"),
    .target(
      name: "LoadLoop", dependencies: ["CEpoll", "GRPC"], path: "Benchmarks/load-loop/LoadLoop",
      swiftSettings: swiftSettings),

    // What `make bench-grpc` compares gRPC servers with.
    .executableTarget(
      name: "grpc-load", dependencies: ["GRPC", "GRPCNIO", "Link", "LoadLoop", nioPosix],
      path: "Benchmarks/grpc/grpc-load", swiftSettings: swiftSettings),

    tests("HTTP2", ["HTTP2"]),
    tests("GRPC", ["GRPC", "HTTP2"]),
    tests("GRPCNIO", ["GRPCNIO", "GRPC", "Gzip", nioCore, nioPosix, nioSSL, logging]),
    tests("Gzip", ["Gzip", "GRPC"]),
    .testTarget(
      name: "LinkTests", dependencies: ["Link", "GRPC", "COpenSSL"], path: "Tests/Link",
      swiftSettings: swiftSettings,
      // The other end of its connections.
      linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    tests("Wire", ["Wire", "GRPC", "CProtobufC"], exclude: ["Fixtures"]),
    tests("GRPCServices", ["GRPCServices", "GRPC", "Wire"]),
    tests("ProcFS", ["ProcFS"], exclude: ["Fixtures"]),
    tests("Sampling", ["Sampling", "ProcFS", "Threads", "Wire"]),
    tests("Settings", ["Settings"]),
    tests("StructuredLog", ["StructuredLog", logging]),
    tests("TimeSeries", ["TimeSeries"]),
    tests("Selection", ["Selection", "Wire"]),
    tests("Steering", ["Steering", "Selection", "Settings", "Wire", "GRPC"]),
    tests("Records", ["Records", "Steering", "Wire", "GRPC", database]),
    tests(
      "Collector",
      [
        "Collector", "GRPC", "Link", "ProcFS", "Sampling", "Selection", "Settings", "StructuredLog", "Wire",
        logging,
      ]),
    tests(
      "Aggregator",
      [
        "Aggregator", "GRPC", "Records", "Selection", "Settings", "Steering", "StructuredLog", "TimeSeries",
        "Wire",
        logging,
      ]),
    tests("Console", ["Console", "Wire"]),
    // Collectors and an aggregator in virtual time: a few, byte by byte.
    .target(
      name: "VirtualTime", dependencies: ["GRPC"], path: "Tests/VirtualTime", swiftSettings: swiftSettings),
    tests(
      "Simulation", ["Aggregator", "Collector", "GRPC", "Link", "TimeSeries", "VirtualTime", "Wire", logging]),
    // The same with whole fleets that are steered, message by message; `make simulate`.
    .target(
      name: "FleetSimulation",
      dependencies: [
        "Aggregator", "Collector", "GRPC", "Records", "Sampling", "Selection", "Settings", "Steering",
        "VirtualTime",
        "Wire",
        logging,
      ],
      path: "Tests/FleetSimulation/Model", swiftSettings: swiftSettings),
    .executableTarget(
      name: "muster-simulate", dependencies: ["FleetSimulation"], path: "Tests/FleetSimulation/Program",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "FleetSimulationTests", dependencies: ["FleetSimulation", "Wire"],
      path: "Tests/FleetSimulation/Tests", swiftSettings: swiftSettings),
    // gRPC's standard interop cases, against other implementations; `make interop`.
    .target(
      name: "InteropService", dependencies: ["GRPC"], path: "Tests/Interop/Service",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "grpc-interop-server",
      dependencies: [
        "InteropService", "GRPC", "GRPCNIO", "GRPCServices", "Gzip", "Wire", nioPosix, arguments, logging,
      ],
      path: "Tests/Interop/Server", swiftSettings: swiftSettings),
    .executableTarget(
      name: "grpc-interop-client",
      dependencies: ["InteropService", "GRPC", "GRPCNIO", "Gzip", "Link", nioPosix, arguments],
      path: "Tests/Interop/Client", swiftSettings: swiftSettings),
    // Real processes, so the programs are built first.
    tests(
      "EndToEnd", ["muster", "muster-aggregator", "muster-collector"],
      exclude: ["NodeExporter", "OddHost", "try-unit"]),
  ],
  swiftLanguageModes: [.v6]
)
