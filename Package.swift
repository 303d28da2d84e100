// swift-tools-version: 6.2

import PackageDescription

// Layers, bottom to top. A target imports only what its row names; LayeringTests reads the imports of
// every file against the table in Sources/README.md.
let package = Package(
  name: "curlew",
  products: [.executable(name: "curlew", targets: ["curlew"])],
  targets: [
    // C: the libraries, and the shims that Swift cannot do without.
    .target(name: "CPlatform", path: "Sources/C/CPlatform", cSettings: [.unsafeFlags(["-O3"])]),
    .target(name: "CConsole", path: "Sources/C/CConsole"),
    .target(name: "CCurl", path: "Sources/C/CCurl"),
    .target(
      name: "CSimdJSON", path: "Sources/C/CSimdJSON",
      cxxSettings: [.unsafeFlags(["-O3"])], linkerSettings: [.linkedLibrary("simdjson")]),
    library("CXXHash", "libxxhash", apt: "libxxhash-dev"),
    library("CMicrohttpd", "libmicrohttpd", apt: "libmicrohttpd-dev"),
    library("CJansson", "jansson", apt: "libjansson-dev"),
    library("CZlib", "zlib", apt: "zlib1g-dev"),
    library("CZstd", "libzstd", apt: "libzstd-dev"),
    library("CPopt", "popt", apt: "libpopt-dev"),
    library("CYAML", "yaml-0.1", apt: "libyaml-dev"),

    // Base: no word of the product.
    layer("Base", "Bytes", ["CPlatform", "CXXHash"]),
    layer("Base", "Platform", ["Bytes", "CPlatform"]),
    layer("Base", "Compression", ["Bytes", "CZlib", "CZstd"]),
    layer("Base", "JSON", ["Bytes", "CJansson", "CSimdJSON"]),
    layer("Base", "Telemetry", ["Bytes", "Platform"]),
    layer("Base", "HTTPClient", ["Platform", "CCurl"]),

    // Engine: what events are and how they are kept.
    layer("Engine", "Model", .base),
    layer("Engine", "Store", .base + ["Model"]),
    layer("Engine", "StateLog", .base + ["Model", "Store"]),
    layer("Engine", "CommitLog", .base + ["Model"]),
    layer("Engine", "Embedded", .base + ["Model", "Store", "StateLog", "CommitLog"]),

    // Edge: sockets and routes in, domain calls out.
    layer("Edge", "HTTP", .base + ["CMicrohttpd"]),
    layer("Edge", "API", .base + ["HTTP", "Model", "Store"]),
    layer("Edge", "Console", .base + ["HTTP", "CConsole"]),

    // App: the executable.
    .executableTarget(
      name: "curlew",
      dependencies: .base + [
        "Model", "Store", "StateLog", "CommitLog", "Embedded", "HTTP", "API", "Console",
        "HTTPClient", "CPopt", "CYAML",
      ],
      path: "Sources/App/curlew", swiftSettings: .strict,
      // The allocator of the server alone: sanitizers bring their own into what is tested.
      linkerSettings: [.linkedLibrary("jemalloc", .when(configuration: .release))]),

    // Tests: one folder a target, and what they share.
    .target(
      name: "TestSupport", dependencies: .base + ["Model", "Store", "CommitLog", "Embedded"],
      path: "Tests/Support", swiftSettings: .lenient),
    tests("Bytes"), tests("Platform"), tests("Compression"), tests("JSON", ["CJansson"]),
    tests("Telemetry"), tests("HTTPClient"),
    tests("Model"), tests("StateLog", ["Store", "Model"]), tests("CommitLog", ["Model"]),
    tests("Embedded", ["Model", "Store", "StateLog", "CommitLog"]),
    tests("HTTP"), tests("API", ["HTTP", "Model", "Store", "Embedded", "Console"]),
    tests("Console", ["HTTP"]),
    tests("Simulation", of: ["Embedded", "CommitLog", "StateLog", "Model", "Store"]),
    tests("Process", of: ["curlew", "Model"]),
    tests("Layering", of: []),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x,
  cxxLanguageStandard: .cxx17
)

extension [Target.Dependency] {
  static var base: Self { ["Bytes", "Platform", "Compression", "JSON", "Telemetry"] }

  var uniqued: Self {
    reduce(into: []) { kept, next in
      if !kept.contains(where: { "\($0)" == "\(next)" }) { kept.append(next) }
    }
  }
}

extension [SwiftSetting] {
  static var strict: Self {
    [
      .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"), .strictMemorySafety(),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      .treatAllWarnings(as: .error),
    ]
  }

  /// Tests may force-unwrap and touch raw memory without ceremony.
  static var lenient: Self {
    [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]
  }
}

func library(_ name: String, _ pkgConfig: String, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func layer(_ folder: String, _ name: String, _ imports: [Target.Dependency]) -> Target {
  .target(
    name: name, dependencies: imports, path: "Sources/\(folder)/\(name)", swiftSettings: .strict)
}

func tests(_ name: String, _ more: [Target.Dependency] = []) -> Target {
  tests(name, of: [.byName(name: name)] + more)
}

func tests(_ name: String, of targets: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: (.base + ["TestSupport"] + targets).uniqued,
    path: "Tests/\(name)Tests", swiftSettings: .lenient)
}
