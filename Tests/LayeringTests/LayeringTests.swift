import Testing

/// The imports of every file against the table in `Sources/README.md`, and the table against
/// itself.
@Suite struct LayeringTests {
  private let repository = Repository()
  /// What the toolchain gives every target. Glibc is the kernel's door: see the test below.
  private let toolchain: Set<String> = ["Swift", "Synchronization", "_Concurrency"]

  @Test func `every target has one row, and every row a target`() throws {
    let targets = try repository.layers().filter { $0.key != "C" }.values.flatMap { $0 }
    let rows = try repository.table().rows.map(\.target)

    #expect(rows.sorted() == targets.sorted())
  }

  @Test func `a file imports only what the row of its target names`() throws {
    let table = try repository.table()

    for source in try Repository.sources.get() {
      let allowed = toolchain.union(table.imports(of: source.target) ?? [])
      for (module, line) in source.imports where module != "Glibc" {
        #expect(
          allowed.contains(module),
          "\(source.report(line, "\(source.target) must not import \(module)"))")
      }
    }
  }

  @Test func `only targets that hold a C module reach for Glibc`() throws {
    let owners = try owners()

    for source in try Repository.sources.get() where !owners.contains(source.target) {
      for (_, line) in source.imports.filter({ $0.module == "Glibc" }) {
        Issue.record("\(source.report(line, "\(source.target) asks the kernel; Platform does"))")
      }
    }
  }

  @Test func `arrows point down, and services do not know each other`() throws {
    let order = ["C", "Base", "Engine", "Services", "Edge", "App"]
    let layers = try repository.layers()
    let table = try repository.table()
    func height(_ target: String) -> Int? {
      order.firstIndex { layers[$0]?.contains(target) == true }
    }
    let position = Dictionary(uniqueKeysWithValues: table.rows.enumerated().map { ($1.target, $0) })

    for (target, imports) in table.rows {
      let own = try #require(height(target), "\(target) is in no layer")
      for module in imports {
        let other = try #require(height(module), "\(target) may import \(module), which is nowhere")
        // Within a layer the order of the table decides, so that no two can import each other.
        let isBelow =
          other < own || other == own && position[module, default: 0] < position[target]!
        #expect(isBelow, "\(target) above \(module)")
        #expect(other != own || order[own] != "Services", "\(target) and \(module) are services")
      }
    }
  }

  @Test func `a C library has one owner`() throws {
    let table = try repository.table()

    for module in try repository.layers()["C"] ?? [] {
      let owners = table.rows.filter { $0.imports.contains(module) }
      // Our own shim for the kernel and the processor serves both targets below everything else.
      let expected = module == "CPlatform" ? ["Bytes", "Platform"] : owners.prefix(1).map(\.target)
      #expect(owners.map(\.target) == expected, "\(module) has several owners")
    }
  }

  @Test func `the package has no dependencies`() throws {
    let manifest = SwiftSource(path: "Package.swift", text: try repository.text("Package.swift"))

    #expect(manifest.occurrences(of: ".", "package").isEmpty)
  }

  /// The targets whose rows name a C module.
  private func owners() throws -> Set<String> {
    let modules = Set(try repository.layers()["C"] ?? [])
    return Set(
      try repository.table().rows.filter { !modules.isDisjoint(with: $0.imports) }.map(\.target))
  }

  @Test func `raw memory stays with the C modules`() throws {
    let owners = try owners()

    for source in try Repository.sources.get() {
      for violation in Rules.unsafety(source, isAllowed: owners.contains(source.target)) {
        Issue.record("\(violation)")
      }
    }
  }
}
