import Foundation
import Model
import Platform
import Testing

@testable import curlew

@Suite struct ConfigShowTests {
  private func withFile<R>(_ text: String, _ body: (String) throws -> R) rethrows -> R {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
    return try body(path)
  }

  /// The cells of a line; columns have two blanks between them at least.
  private func cells(_ line: Substring) -> [String] {
    line.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test func `each setting has its value, where it is from, and when it changes`() throws {
    let shell = Shell(environment: [("CURLEW_NUM_PARTITIONS", "4"), ("HOME", "/")])

    let (path, outcome) = withFile("# mine\nmax-body: 16MiB\n") { path in
      (path, shell.run("config", "show", "--config", path, "--loops=2"))
    }

    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let rows = outcome.output.split(separator: "\n").map(cells)
    #expect(rows[0] == ["SETTING", "VALUE", "FROM", "CHANGE"])
    #expect(rows.dropFirst().map(\.[0]) == Settings.node.map(\.name))
    for row in [
      ["max-body", "16MiB", "\(path):2", "reload"], ["loops", "2", "--loops", "restart"],
      ["num.partitions", "4", "CURLEW_NUM_PARTITIONS", "reload"],
      ["journal-file-size", "64MiB", "default", "never"], ["host", "-", "default", "reload"],
    ] { #expect(rows.contains(row), "\(row)") }
    let starts = outcome.output.split(separator: "\n").compactMap { line in
      line.range(of: " default ").map { line.distance(from: line.startIndex, to: $0.lowerBound) }
    }
    #expect(starts.count > 10 && Set(starts).count == 1, "the column is aligned")
  }

  @Test func `as JSON it is an object a line, values as JSON has them`() throws {
    let outcome = Shell(environment: [("CURLEW_HOST", "a.example,b.example")])
      .run("config", "show", "--output", "json", "--max-body", "1MiB")

    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == Settings.node.count)
    for line in lines {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
    for line in [
      #"{"type":"setting","name":"max-body","value":1048576,"secret":false,"source":"option","#
        + #""given_as":"--max-body","change":"reload"}"#,
      #"{"type":"setting","name":"host","value":["a.example","b.example"],"secret":false,"#
        + #""source":"environment","given_as":"CURLEW_HOST","change":"reload"}"#,
      #"{"type":"setting","name":"require-existing","value":false,"secret":false,"#
        + #""source":"default","change":"restart"}"#,
    ] { #expect(lines.contains(Substring(line)), "\(line)") }
  }

  @Test func `the example sets nothing, and what it shows are the defaults`() throws {
    let example = Shell().run("config", "show", "--example").output

    let entries = try ConfigurationFile(path: "c.yaml", Array(example.utf8)).entries
    #expect(entries.isEmpty)
    let uncommented = example.split(separator: "\n").map { line in
      line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
    }.joined(separator: "\n")
    let shown = try ConfigurationFile(path: "c.yaml", Array(uncommented.utf8)).entries
    #expect(shown.map(\.name) == Settings.node.map(\.name))
    for (entry, setting) in zip(shown, Settings.node) {
      #expect(try setting.canonical(entry.value) == setting.defaultValue, "\(setting.name)")
    }
  }

  @Test func `the example holds what is set, whatever the text`() throws {
    let directory = "/srv/a 'b' \"c\" # d: \\e\u{1}\nf"
    let example = Shell().run(
      "config", "show", "--example", "--data-dir", directory, "--listen=[::1]:1,127.0.0.1:2"
    ).output

    let entries = try ConfigurationFile(path: "c.yaml", Array(example.utf8)).entries
    #expect(entries.map(\.name) == ["data-dir", "listen"])
    #expect(entries.map(\.value) == [directory, "[::1]:1,127.0.0.1:2"])
  }

  @Test func `what a server would refuse is refused`() {
    let refusals = [
      Shell().run("config", "show", "--loop=2"),
      Shell(environment: [("CURLEW_LOOP", "2")]).run("config", "show"),
      withFile("lops: 2") { Shell().run("config", "show", "-c", $0) },
      withFile("a") { Shell().run("config", "show", "-c", $0) },
      Shell().run("config", "show", "--output", "xml"),
    ]

    for outcome in refusals {
      #expect(outcome.status == 2 && outcome.output.isEmpty)
      #expect(outcome.error.hasSuffix("\nTry 'curlew config show --help'.\n"))
    }
    #expect(refusals[0].error.contains("there is no option --loop; did you mean --loops?"))
    #expect(refusals[1].error.contains("CURLEW_LOOP; did you mean CURLEW_LOOPS?"))
    #expect(refusals[2].error.contains(":1: there is no setting lops; did you mean loops?"))
  }

  @Test func `help marks what changes while the server runs`() {
    let help = Shell().run("serve", "--help").output
    let words = help.split { $0 == " " || $0 == "\n" }.joined(separator: " ")

    #expect(words.contains("counted after decoding (default 8MiB) *"))
    #expect(words.contains("(default 127.0.0.1:8082) --"))
    #expect(words.contains("marked * change while the server runs"))
  }
}
