import Testing

@testable import curlew

@Suite struct OptionParserTests {
  private let syntax = CommandSyntax(
    name: "try", operands: "A B", summary: "Try",
    groups: [
      OptionGroup(
        title: "First",
        options: [
          Option(name: "name", letter: "n", argument: .required("NAME"), summary: "A name"),
          Option(name: "fast", argument: .optional("BOOL"), summary: "Be fast"),
        ]),
      OptionGroup(title: "Second", options: [.help]),
    ])

  private func parse(_ arguments: String...) throws -> ParsedOptions {
    try OptionParser(syntax, arguments).parse()
  }

  @Test func `values stand behind an equals sign, a space or a letter`() throws {
    let parsed = try parse("--name=a", "--name", "b", "-n", "c", "-nd", "--name=")

    #expect(parsed.given.map(\.option) == ["name", "name", "name", "name", "name"])
    #expect(parsed.given.map(\.value) == ["a", "b", "c", "d", ""])
    #expect(parsed.value("name") == "")
  }

  @Test func `an optional value is only what stands behind the equals sign`() throws {
    let parsed = try parse("--fast", "--fast=false", "--fast", "--help")

    #expect(parsed.given.map(\.value) == [nil, "false", nil, nil])
    #expect(parsed.has("help"))
  }

  @Test func `operands stand anywhere, and behind two dashes also with a dash`() throws {
    let parsed = try parse("one", "--name", "x", "two", "--", "--fast", "-")

    #expect(parsed.operands == ["one", "two", "--fast", "-"])
    #expect(parsed.given.count == 1)
  }

  @Test func `text that is not ASCII arrives as it was`() throws {
    let parsed = try parse("--name=zwölf 🐦", "Brachvögel")

    #expect(parsed.value("name") == "zwölf 🐦")
    #expect(parsed.operands == ["Brachvögel"])
  }

  @Test func `a table of thousands of arguments is released`() throws {
    for count in [0, 1, 5_000] {
      let arguments = [String](repeating: "--name=x", count: count)
      #expect(try OptionParser(syntax, arguments).parse().given.count == count)
    }
  }
}
