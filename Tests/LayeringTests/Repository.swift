import Bytes
import Platform

/// The files that the rules are about.
struct Repository {
  let root: String
  private let files = PosixFileSystem()

  /// The repository that this file was compiled in.
  init(file: String = #filePath) {
    root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
      .joined(separator: "/")
  }

  /// The names in a directory, without those that begin with a dot.
  func names(_ path: String) throws -> [String] {
    try files.list("\(root)/\(path)").filter { !$0.hasPrefix(".") }
  }

  func text(_ path: String) throws -> String {
    let file = try files.open("\(root)/\(path)", .read)
    return String(decoding: try file.read(Int(try file.size()), at: 0), as: UTF8.self)
  }

  /// The targets in each folder of `Sources`, by layer: `["Base": ["Bytes", …], …]`. What installs
  /// the program stands beside it, and is none.
  func layers() throws -> [String: [String]] {
    var layers: [String: [String]] = [:]
    for layer in try names("Sources") where try isDirectory("Sources/\(layer)") {
      layers[layer] = try names("Sources/\(layer)").filter {
        try $0 != "packaging" && isDirectory("Sources/\(layer)/\($0)")
      }
    }
    return layers
  }

  /// Every Swift file of `Sources`, read once for all tests.
  static let sources = Result { try Repository().sources(below: "Sources") }

  /// Every Swift file below `path`.
  private func sources(below path: String) throws -> [SwiftSource] {
    try names(path).flatMap { name -> [SwiftSource] in
      let path = "\(path)/\(name)"
      if try isDirectory(path) { return try sources(below: path) }
      return name.hasSuffix(".swift") ? [SwiftSource(path: path, text: try text(path))] : []
    }
  }

  /// The table of layers, with `Base` spelt out.
  func table() throws -> LayerTable {
    LayerTable(markdown: try text("Sources/README.md"), base: try layers()["Base"] ?? [])
  }

  private func isDirectory(_ path: String) throws -> Bool {
    try files.status("\(root)/\(path)")?.isDirectory ?? false
  }
}
