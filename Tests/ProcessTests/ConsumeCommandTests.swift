import Glibc
import TestSupport
import Testing

@testable import curlew

/// `curlew consume` against a real server.
@Suite struct ConsumeCommandTests {
  private let directory: TemporaryDirectory
  private let server: ServerProcess

  init() throws {
    directory = try TemporaryDirectory()
    server = try ServerProcess(directory: directory.path)
    let outcome = try CommandProcess.run(
      ["produce", "t", "--partition", "0"], input: "1\n2\n\"three\"\n", environment: environment)
    try #require(outcome.status == 0, "\(outcome.error)")
  }

  private var environment: [String: String] { server.environment }

  private func consume(_ arguments: String...) throws -> CommandProcess.Outcome {
    try CommandProcess.run(["consume", "t"] + arguments, environment: environment)
  }

  @Test func `it ends at the end of the log`() throws {
    #expect(try consume() == .init(status: 0, output: "1\n2\n\"three\"\n", error: ""))
    #expect(try consume("--from", "latest") == .init(status: 0, output: "", error: ""))
    #expect(try consume("--from=-1h").output == "1\n2\n\"three\"\n")
    #expect(try consume("--from", "2999-01-01T00:00:00Z").output == "")
  }

  @Test func `partition, offset and limit choose`() throws {
    #expect(try consume("--limit", "2").output == "1\n2\n")
    #expect(try consume("--limit", "9").output == "1\n2\n\"three\"\n")
    #expect(try consume("-p", "0", "--offset", "1").output == "2\n\"three\"\n")
    #expect(
      try consume("-p", "1").error == "curlew: There is no partition 1; the topic has 0 to 0.\n")
    #expect(
      try consume("-p", "0", "--offset", "9").error
        == "curlew: The offset 9 is not in the partition, which has 0 up to 3. "
        + "--from earliest reads what is there, --from latest what comes.\n")
  }

  @Test func `records can be whole objects`() throws {
    let outcome = try consume("--output", "json", "--limit", "1")

    #expect(
      outcome.output.hasPrefix(#"{"topic":"t","partition":0,"offset":0,"timestamp":""#)
        && outcome.output.hasSuffix(#","key":null,"value":1,"headers":[]}"# + "\n"))
    #expect(try consume("--format", "json", "-n", "1") == outcome)
  }

  @Test func `bytes and tombstones come out as they are`() throws {
    let client = try TestHTTPClient(port: server.port)
    let body = #"{"records":[{"key":"a2V5","value":"/wAK"},{"key":"a2V5","value":null}]}"#
    let answer = try client.send(
      "POST", "/topics/b", headers: [("Content-Type", "application/vnd.kafka.binary.v2+json")],
      body: Array(body.utf8))
    try #require(answer.status == 200)
    let process = try CommandProcess(
      command: [
        "sh", "-c", "\"$0\" consume b --format key-value | od -An -tx1",
        ServerProcess.executable,
      ], environment: environment.merging(["PATH": "/usr/bin:/bin"]) { $1 })

    let text = process.finish().output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")

    #expect(text == "6b 65 79 09 ff 00 0a 0a 6b 65 79 09 6e 75 6c 6c 0a")
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `following goes on until a signal, and that is success`(signal: Int32) throws {
    let process = try CommandProcess(
      ["consume", "t", "--follow", "--from", "earliest"], environment: environment)
    #expect(process.readLine() == "1" && process.readLine() == "2")
    #expect(process.readLine() == "\"three\"")

    _ = try CommandProcess.run(["produce", "t"], input: "4\n", environment: environment)
    #expect(process.readLine() == "4")
    process.signal(signal)

    #expect(process.finish() == .init(status: 0, output: "", error: ""))
  }

  @Test func `following ends quietly when nobody reads any more`() throws {
    let process = try CommandProcess(
      command: [
        "bash", "--norc", "-c",
        "\"$0\" consume t --follow --from earliest | head -1; echo ${PIPESTATUS[0]}",
        ServerProcess.executable,
      ], environment: environment.merging(["PATH": "/usr/bin:/bin"]) { $1 })

    #expect(process.finish() == .init(status: 0, output: "1\n0\n", error: ""))
  }

  @Test func `a closed pipe ends quietly`() throws {
    let lines = (1...20_000).map { "\($0)\n" }.joined()
    _ = try CommandProcess.run(["produce", "t"], input: lines, environment: environment)
    let process = try CommandProcess(
      command: [
        "bash", "--norc", "-c", "\"$0\" consume t | head -1; echo ${PIPESTATUS[0]}",
        ServerProcess.executable,
      ], environment: environment.merging(["PATH": "/usr/bin:/bin"]) { $1 })

    #expect(process.finish() == .init(status: 0, output: "1\n0\n", error: ""))
  }

  @Test func `a limit ends also what follows`() throws {
    #expect(
      try consume("--follow", "--from", "earliest", "--limit", "3")
        == .init(status: 0, output: "1\n2\n\"three\"\n", error: ""))
  }

  @Test func `a server that stops ends what follows with a sentence`() throws {
    let process = try CommandProcess(
      ["consume", "t", "--follow", "--from", "earliest"], environment: environment)
    for _ in 0..<3 { _ = process.readLine() }

    server.signal(SIGTERM)
    let outcome = process.finish()

    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(
      outcome.error.hasPrefix("curlew: ")
        && outcome.error.contains(server.url), "\(outcome.error)")
  }

  @Test func `a topic that is not there is a failure, a wrong option one of usage`() throws {
    let unknown = try CommandProcess.run(["consume", "tt"], environment: environment)
    #expect(
      unknown
        == .init(
          status: 1, output: "",
          error: "curlew: There is no topic 'tt'. "
            + "'curlew topic list' shows those that are there.\n"))
    let cases: [([String], String)] = [
      (["--format=xml"], "--format takes value, key-value or json, not 'xml'."),
      (
        ["--format=value", "--output=json"],
        "--output json cannot be given together with --format value."
      ),
      (["--offset=1"], "--offset belongs to one partition; add --partition."),
      (
        ["--offset=1", "-p0", "--from=latest"], "--offset cannot be given together with --from."
      ),
      (["--limit=0"], "--limit takes a whole number from 1 to 9223372036854775807, not '0'."),
    ]
    for (arguments, sentence) in cases {
      let outcome = try CommandProcess.run(["consume", "t"] + arguments, environment: environment)
      #expect(
        outcome
          == .init(
            status: 2, output: "", error: "curlew: \(sentence)\nTry 'curlew consume --help'.\n"))
    }
    #expect(try consume("--from", "yesterday").error.contains("takes earliest, latest, a time"))
  }
}
