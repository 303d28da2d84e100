import Testing

/// What a machine can check of how the code reads, on every file of `Sources`.
@Suite struct StyleTests {
  @Test func `there are sources to check`() throws {
    #expect(try Repository.sources.get().count > 10)
  }

  @Test func `a file has at most 500 lines`() throws { try check(Rules.fileLength) }

  @Test func `a line has at most 100 columns`() throws { try check(Rules.width) }

  @Test func `a function has at most 70 lines`() throws { try check(Rules.functionLength) }

  @Test func `an unchecked claim gives its reason`() throws { try check(Rules.safety) }

  @Test func `nothing is forced`() throws { try check(Rules.forced) }

  @Test func `time, disk and chance come from Platform`() throws { try check(Rules.ambient) }

  @Test func `only the executable prints`() throws { try check(Rules.printing) }

  @Test func `what is public is documented`() throws {
    let sources = try Repository.sources.get()
    let names = sources.reduce(into: Rules.standardRequirements) {
      $0.formUnion(Rules.requirements($1))
    }

    try check { Rules.documentation($0, requirements: names) }
  }

  private func check(_ rule: (SwiftSource) -> [String]) throws {
    for violation in try Repository.sources.get().flatMap(rule) { Issue.record("\(violation)") }
  }
}
