import Testing

/// Each rule on code that breaks it, and on code that only looks as if it did.
@Suite struct RulesTests {
  @Test(arguments: [
    "// try! as! Date()\n/* FileManager /* print(1) */ unsafe */",
    ##"let a = "try! x", b = #"as! "Date()" "#, c = "\"print(1)""##,
    "let text = \"\"\"\n  print(\"try!\") // unsafe\n  \"\"\"",
    ##"let raw = #"\(print(1))"#"##,
  ])
  func `comments and strings break no rule`(text: String) {
    let source = sample(text)

    #expect(Rules.forced(source) + Rules.ambient(source) + Rules.printing(source) == [])
    #expect(Rules.unsafety(source, isAllowed: false) == [])
  }

  @Test func `an interpolation is code`() {
    #expect(Rules.forced(sample(#"let a = "x\(try! f("y)"))z""#)).count == 1)
    #expect(Rules.printing(sample(##"let a = #"x\#(print(1))"#"##)).count == 1)
  }

  @Test func `tokens keep their lines`() {
    let source = sample("/*\n*/ let a = \"\"\"\n  x\n  \"\"\"\nlet b = 1")

    #expect(source.tokens.last == Token(text: "1", line: 5))
  }

  @Test(arguments: ["a.random(in: 0..<5)", "Date()", "FileManager.default", "usleep(1)"])
  func `what the machine decides is found`(text: String) {
    #expect(Rules.ambient(sample(text)).count == 1)
  }

  @Test func `Platform may ask the machine`() {
    let source = SwiftSource(path: "Sources/Base/Platform/Sleep.swift", text: "sleep(1)")

    #expect(Rules.ambient(source) == [])
  }

  @Test func `forcing is found`() {
    #expect(Rules.forced(sample("try! f()\nlet a = b as! C")).count == 2)
    #expect(Rules.forced(sample("try? f()\nlet a = !b as? C")) == [])
  }

  @Test func `printing is found, a method called print is not`() {
    #expect(Rules.printing(sample("print(1)")).count == 1)
    #expect(Rules.printing(sample("schema.print(1); func print() {}")) == [])
  }

  @Test func `raw memory is found where no C module is`() {
    let source = sample("let a = unsafe pointer.pointee")

    #expect(Rules.unsafety(source, isAllowed: false).count == 1)
    #expect(Rules.unsafety(source, isAllowed: true) == [])
  }

  @Test func `a long line is found, a literal that cannot be broken is not`() {
    let long = String(repeating: "x", count: 101)

    #expect(Rules.width(sample("let a = \(long)")).count == 1)
    #expect(Rules.width(sample("  \"\(long)\",\n// https://example.com/\(long)")) == [])
  }

  @Test(arguments: [
    "func a(b: () -> Void = {}) -> Int {", "init<T>(_ a: T) where T: B {", "var a: Int {",
    "deinit {",
  ])
  func `a long body is found`(head: String) {
    let body = String(repeating: "\n  step()", count: 69)

    #expect(Rules.functionLength(sample("\(head)\(body)\n}")).count == 1)
    #expect(Rules.functionLength(sample("\(head)\(body.dropLast(9))\n}")) == [])
  }

  @Test func `a requirement has no body`() {
    let text = "protocol A {\n  func a()\n}\nenum B {" + String(repeating: "\n", count: 80) + "}"

    #expect(Rules.functionLength(sample(text)) == [])
    #expect(Rules.requirements(sample(text)) == ["a"])
  }

  @Test func `a long file is found`() {
    #expect(Rules.fileLength(sample(String(repeating: "a\n", count: 501))).count == 1)
    #expect(Rules.fileLength(sample(String(repeating: "a\n", count: 500))) == [])
  }

  @Test func `an unchecked claim needs its reason right above`() {
    let claim = "final class A: @unchecked Sendable {}"

    #expect(Rules.safety(sample("// SAFETY: one thread.\n@safe public\n\(claim)")) == [])
    #expect(Rules.safety(sample(claim)).count == 1)
    #expect(Rules.safety(sample("// SAFETY: another's.\n\n\(claim)")).count == 1)
  }

  @Test func `what is public needs a doc comment`() {
    func check(_ text: String) -> Int {
      Rules.documentation(sample(text), requirements: ["size"]).count
    }

    #expect(check("public struct A {}") == 1)
    #expect(check("/// A.\nstruct A {\n  public init() {}\n}") == 1)
    #expect(check("public init(_ a: Int) {}\npublic init?<T>(a: T) {}") == 2)
    #expect(check("// A.\npublic static func a() {}") == 1)
    #expect(check("/// A.\n// SAFETY: b.\n@safe\npublic final class A {}") == 0)
    #expect(check("public import Model\npublic extension A {}\npublic func size() {}") == 0)
    #expect(check("/// A.\npublic private(set) var a = 1") == 0)
  }

  @Test func `the table is read with its shorthand`() {
    let markdown = """
      | target | its job | may import |
      | --- | --- | --- |
      | A | one | – |
      | B | two | Base, C |

      | E | elsewhere | A |
      """
    let table = LayerTable(markdown: markdown, base: ["A", "X"])

    #expect(table.rows.map(\.target) == ["A", "B"])
    #expect(table.imports(of: "A") == [])
    #expect(table.imports(of: "B") == ["A", "X", "C"])
    #expect(table.imports(of: "E") == nil)
  }

  private func sample(_ text: String) -> SwiftSource {
    SwiftSource(path: "Sources/Engine/Model/Sample.swift", text: text)
  }
}
