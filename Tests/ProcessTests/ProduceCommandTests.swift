import Glibc
import TestSupport
import Testing

@testable import curlew

/// `curlew produce` against a real server.
@Suite struct ProduceCommandTests {
  private let directory: TemporaryDirectory
  private let server: ServerProcess

  init() throws {
    directory = try TemporaryDirectory()
    server = try ServerProcess(directory: directory.path)
  }

  private var environment: [String: String] { server.environment }

  private func produce(
    _ input: String, _ arguments: String...
  ) throws -> CommandProcess.Outcome {
    try CommandProcess.run(["produce", "t"] + arguments, input: input, environment: environment)
  }

  private func consume(_ arguments: String...) throws -> String {
    try CommandProcess.run(["consume", "t"] + arguments, environment: environment).output
  }

  @Test func `each line is an event`() throws {
    #expect(
      try produce("1\n2\n3\n")
        == .init(status: 0, output: "3 events stored in t\n", error: ""))

    #expect(try consume("--from", "earliest") == "1\n2\n3\n")
  }

  @Test func `a last line without its end counts, and so does text, as its bytes`() throws {
    let input = "hello\r\n  {\"a\": 1.50}\t\n\n \t\n x \n\"q\"\n{\"b\""

    #expect(try produce(input).output == "5 events stored in t\n")

    #expect(try consume() == "hello\n{\"a\": 1.50}\n x \n\"q\"\n{\"b\"\n")
  }

  @Test func `what is kept of a line does not hang on the lines around it`() throws {
    _ = try produce(" 1 \n")
    _ = try produce(" 1 \nx\n")

    #expect(try consume() == "1\n1\nx\n")
  }

  @Test func `as text every line counts, also an empty one`() throws {
    #expect(try produce(" 1 \n\nx\n", "--format", "text").output == "3 events stored in t\n")

    #expect(try consume() == " 1 \n\nx\n")
  }

  @Test func `as JSON a line that is none is named, and those before it are stored`() throws {
    #expect(
      try produce("1\n\n2\n{\"a\":}\n4\n", "--format=json")
        == .init(
          status: 1, output: "",
          error: "curlew: line 4 of standard input is not JSON at column 6: expected a value. "
            + "2 events were stored before.\n"))

    #expect(try consume() == "1\n2\n")
  }

  @Test func `keys come from a path into the event, or are one for all`() throws {
    let lines = #"{"id":"a","n":1}"# + "\n" + #"{"id":7,"n":2}"# + "\n"

    #expect(try produce(lines, "--key-path", "/id").status == 0)
    #expect(try produce("x\n", "--key", "ä b").status == 0)
    #expect(
      try produce(#"{"id":1}"# + "\n{}\n", "-K", "/id").error
        == "curlew: line 2 of standard input has no key at /id. 1 event was stored before.\n")

    #expect(
      try consume("--format", "key-value")
        == "a\t{\"id\":\"a\",\"n\":1}\n7\t{\"id\":7,\"n\":2}\nä b\tx\n1\t{\"id\":1}\n")
    #expect(try consume("--key", "ä b") == "x\n")
  }

  @Test func `partition and headers hold for JSON and text alike`() throws {
    _ = try CommandProcess.run(["topic", "create", "t", "-p", "3"], environment: environment)

    for input in ["1\n", "x\n"] {
      #expect(
        try produce(input, "--partition=2", "--header", "by=ann", "-H", "n=1=2").status == 0)
    }

    let lines = try consume("--format", "json").split(separator: "\n")
    #expect(lines.count == 2)
    for line in lines {
      #expect(line.contains(#""partition":2,"#))
      #expect(line.contains("by") && line.contains("n"))
    }
    let headers = lines.map { line in
      line.firstRange(of: "\"headers\"").map { String(line[$0.lowerBound...]) }
    }
    #expect(headers[0] != nil && headers[0] == headers[1])
  }

  @Test func `files are one event each, whatever is in them`() throws {
    let (text, binary) = (directory.path + "/a.json", directory.path + "/b")
    try write("{\n  \"id\": \"k\"\n}\n", to: text)
    try write("a\0b", to: binary)

    #expect(try produce("", text, binary).output == "2 events stored in t\n")
    #expect(try produce("", text, "--key-path", "/id").output == "1 event stored in t\n")
    let refused = try produce("", text, binary, "--format", "json")
    let absent = try produce("", "/nowhere")

    #expect(
      refused.error
        == "curlew: \(binary) is not JSON: line 1, column 1: expected a value. "
        + "1 event was stored before.\n")
    #expect(
      absent.error
        == "curlew: /nowhere cannot be read: open /nowhere: No such file or directory. "
        + "Nothing was stored before.\n")
    #expect(
      try consume("--format", "key-value")
        == "null\t{\n  \"id\": \"k\"\n}\n\nnull\ta\0b\nk\t{\n  \"id\": \"k\"\n}\n\n"
        + "null\t{\n  \"id\": \"k\"\n}\n\n")
  }

  private func write(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    try #require(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
  }

  @Test(arguments: ["json", "text"])
  func `one event that is too large is found among many`(format: String) throws {
    _ = try CommandProcess.run(
      ["topic", "create", "t", "-c", "max.message.bytes=1000"], environment: environment)
    let lines = (1...40).map { $0 == 29 ? String(repeating: "1", count: 2000) : "\($0)" }

    let outcome = try produce(lines.joined(separator: "\n"), "--format", format)

    #expect(outcome.status == 1)
    #expect(outcome.error.hasPrefix("curlew: line 29 of standard input was refused: "))
    let stored = try consume().split(separator: "\n").count
    #expect(outcome.error.hasSuffix(" \(stored) events were stored before.\n"), "\(outcome.error)")
    #expect(stored == (format == "json" ? 28 : 39))
  }

  @Test func `a server that takes only small bodies gets small ones`() throws {
    let small = try TemporaryDirectory()
    let server = try ServerProcess(directory: small.path, arguments: ["--max-body", "2000"])
    let lines = (1...2_000).map { "\($0)\n" }.joined()
    let environment = server.environment

    #expect(
      try CommandProcess.run(["produce", "t"], input: lines, environment: environment)
        == .init(status: 0, output: "2000 events stored in t\n", error: ""))

    #expect(try CommandProcess.run(["consume", "t"], environment: environment).output == lines)
  }

  @Test func `a line waits for no other`() throws {
    let process = try CommandProcess(["produce", "t"], environment: environment)
    _ = try CommandProcess.run(["topic", "create", "t"], environment: environment)

    process.write("first\n")
    let reader = try CommandProcess(
      ["consume", "t", "--from", "earliest", "--follow", "--limit", "1"], environment: environment)

    withExtendedLifetime(process) { #expect(reader.readLine() == "first") }
    process.closeInput()
    #expect(process.finish().output == "1 event stored in t\n")
  }

  @Test func `a wrong option is one of usage`() throws {
    let cases: [([String], String)] = [
      (["--format=xml"], "--format takes auto, json or text, not 'xml'."),
      (["--key-path=id"], "--key-path takes a JSON Pointer like /id, not 'id'."),
      (["--key=a", "--key-path=/id"], "--key cannot be given together with --key-path."),
      (
        ["--format=text", "--key-path=/id"],
        "--key-path needs events that are JSON, not --format text."
      ),
      (["--acks=all"], "--acks takes disk, memory or none, not 'all'."),
      (["--header=x"], "--header takes NAME=VALUE, not 'x'."),
      (["--partition=-1"], "--partition takes a whole number from 0 to 2147483647, not '-1'."),
    ]
    for (arguments, sentence) in cases {
      let outcome = try CommandProcess.run(["produce", "t"] + arguments, environment: environment)
      #expect(
        outcome
          == .init(
            status: 2, output: "",
            error: "curlew: \(sentence)\nTry 'curlew produce --help'.\n"))
    }
  }

  @Test func `a result can be JSON, and a weaker promise is not called stored`() throws {
    let json = try produce("1\n22\n", "--output", "json").output
    #expect(json.hasPrefix(#"{"topic":"t","events":2,"bytes":3,"seconds":0."#))
    #expect(try produce("1\n", "--acks", "memory").output == "1 event sent to t\n")
    #expect(try produce("x\n", "--acks", "none").output == "1 event sent to t\n")
  }

  @Test func `nothing in is nothing stored`() throws {
    #expect(
      try produce("") == .init(status: 0, output: "0 events stored in t\n", error: ""))
  }

  @Test func `a server that is gone in between says how far it came`() throws {
    let process = try CommandProcess(["produce", "t"], environment: environment)
    _ = try CommandProcess.run(["topic", "create", "t"], environment: environment)
    process.write("1\n2\n")
    let reader = try CommandProcess(
      ["consume", "t", "--from", "earliest", "--follow", "--limit", "2"], environment: environment)
    #expect(reader.finish().status == 0)
    server.kill()
    server.wait()

    process.write("3\n")
    process.closeInput()
    let outcome = process.finish()

    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.error.hasSuffix(" 2 events were stored before.\n"), "\(outcome.error)")
  }
}
