import Foundation
import Platform
import Testing

@testable import curlew

@Suite struct ConfigurationFileTests {
  private func read(_ text: String) throws -> [ConfigurationFile.Entry] {
    try ConfigurationFile(path: "c.yaml", Array(text.utf8)).entries
  }

  @Test func `names may be whole or nested, and lists are one text`() throws {
    let entries = try read(
      """
      # A comment.
      data-dir: "/var/lib/curlew"   # another
      num.partitions: 3
      auto:
        create:
          topics.enable: no
      listen: [127.0.0.1:1, '[::1]:2']
      host:
        - a.example
        - b.example
      cors-origin: []
      """)

    #expect(
      entries == [
        .init(name: "data-dir", value: "/var/lib/curlew", line: 2),
        .init(name: "num.partitions", value: "3", line: 3),
        .init(name: "auto.create.topics.enable", value: "no", line: 6),
        .init(name: "listen", value: "127.0.0.1:1,[::1]:2", line: 7),
        .init(name: "host", value: "a.example,b.example", line: 8),
        .init(name: "cors-origin", value: "", line: 11),
      ])
  }

  @Test(arguments: ["", "\n\n", "# nothing\n", "---\n", "~", "{}", "%YAML 1.1\n---\n{}\n...\n"])
  func `an empty file sets nothing`(text: String) throws {
    #expect(try read(text).isEmpty)
  }

  @Test(arguments: [
    ("- a\n- b", "c.yaml:1: a configuration is lines of 'name: value'."),
    ("just text", "c.yaml:1: a configuration is lines of 'name: value'."),
    ("a: 1\nb:\n", "c.yaml:2: b has no value; leave it out, or give one."),
    ("a: ~", "c.yaml:1: a has no value; leave it out, or give one."),
    ("a: 1\nb: 2\na: 3", "c.yaml:3: a is set here and in line 1."),
    ("a.b: 1\na:\n  b: 2", "c.yaml:3: a.b is set here and in line 1."),
    ("a: [b, [c]]", "c.yaml:1: the items of a are words without commas."),
    ("a: [b, ~]", "c.yaml:1: the items of a are words without commas."),
    ("a: ['b,c']", "c.yaml:1: the items of a are words without commas."),
    ("[a]: b", "c.yaml:1: the name of a setting is a word."),
    ("a: &x 1", "c.yaml:1: anchors are not read here."),
    ("a: [1]\nb: *x", "c.yaml:2: aliases are not read here."),
    ("a: !!int 1", "c.yaml:1: tags are not read here."),
    ("a: 1\n---\nb: 2", "c.yaml:2: a configuration is one document, and here a second one begins."),
    ("a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}", "c.yaml:1: this is nested too deeply."),
    ("a: 'b", "c.yaml:1: found unexpected end of stream."),
    ("a: 1\n\tb: 2", "c.yaml:2: found a tab character that violates indentation."),
    ("a: 1\nb: \u{1}", "c.yaml:2: control characters are not allowed."),
  ])
  func `anything else is refused with its line`(text: String, sentence: String) {
    #expect(throws: AppError.usage(sentence, command: "serve")) { try read(text) }
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    #expect(throws: AppError.self) {
      try ConfigurationFile(path: "c.yaml", Array("a: 1\nb: ".utf8) + [0xFF, 0xC0])
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `no bytes at all break the reader`(seed: UInt64) {
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let alphabet = Array("ab:-[]{},&*!|>'\"%@`#? \n\t~0".utf8) + [0, 0x80, 0xFF]
    for _ in 0..<2_000 {
      let bytes = (0..<next(40)).map { _ in alphabet[next(alphabet.count)] }
      do { _ = try ConfigurationFile(path: "c", bytes) } catch {
        guard case .usage(let sentence, _) = error else {
          Issue.record("\(error) for \(bytes)")
          return
        }
        #expect(sentence.hasPrefix("c:"), "\(bytes)")
      }
    }
  }

  @Test func `a file that is not there, or is too large, is a failure`() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }

    #expect(
      throws: AppError.failure(
        "the configuration file cannot be read: open \(path): No such file or directory.")
    ) { try ConfigurationFile(path: path, PosixFileSystem()) }
    try Data(repeating: UInt8(ascii: "#"), count: 1 << 20 + 1).write(to: URL(filePath: path))
    #expect(throws: AppError.failure("the configuration file \(path) is larger than 1 MiB.")) {
      try ConfigurationFile(path: path, PosixFileSystem())
    }
  }
}
