import Glibc
import Platform
import TestSupport
import Testing

@testable import curlew

/// `curlew log` over what a real server left.
@Suite struct LogToolTests {
  private let shell = Shell(commands: [LogDumpCommand.command, LogVerifyCommand.command])

  /// The directory of a server that took five records and ended by `signal`.
  private func directory(endedBy signal: Int32) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let server = try ServerProcess(directory: directory.path)
    let client = try TestHTTPClient(port: server.port)
    for number in 1...5 {
      let response = try client.send(
        "POST", "/topics/greetings", headers: [("Content-Type", "application/json")],
        body: Array(#"{"hello":\#(number)}"#.utf8))
      try #require(response.status == 200, "\(response.text)")
    }
    server.signal(signal)
    server.wait()
    return directory
  }

  @Test(arguments: [SIGKILL, SIGTERM])
  func `what a server left is without damage, however it ended`(signal: Int32) throws {
    let left = try directory(endedBy: signal)

    let outcome = shell.run("log", "verify", left.path)

    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.output)")
    #expect(lines.last?.hasSuffix(" batches, 7 records: no damage") == true, "\(outcome.output)")
  }

  @Test func `records are one a line`() throws {
    let left = try directory(endedBy: SIGKILL)

    let outcome = shell.run("log", "dump", "--records", "greetings-0", left.path)

    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(outcome.status == 0 && rows.allSatisfy { $0.count == 4 })
    #expect(rows.map(\.[0]) == ["0", "1", "2", "3", "4"])
    #expect(rows.map(\.[2]).allSatisfy { $0 == "null" })
    #expect(rows.map(\.[3]) == (1...5).map { #"{"hello":\#($0)}"# })

    let json = shell.run("log", "dump", "--output=json", "--records=greetings-0", left.path)
    #expect(json.output.split(separator: "\n").count == 5)
    #expect(json.output.hasPrefix(#"{"type":"record","offset":0,"timestamp":1"#))
    #expect(json.output.contains(#""key":null,"value":"{\"hello\":1}"}"#))
  }

  @Test func `a dump has tables that line up, or an object a line`() throws {
    let left = try directory(endedBy: SIGTERM)

    let text = shell.run("log", "dump", "--frames", left.path)
    let json = shell.run("log", "dump", "--frames", "--output", "json", left.path)

    #expect(text.status == 0 && json.status == 0)
    for title in [
      "Superblocks\n", "Journal\n", "Snapshots\n", "Frames of journal file 00, sequence 0\n",
      "Partitions\n", "Segments\n",
    ] { #expect(text.output.contains(title), "\(title)") }
    let segments = text.output.split(separator: "\n").filter { $0.contains(".log ") }
    #expect(segments.count == 2 && Set(segments.map(\.count)).count == 1, "\(segments)")
    let types = json.output.split(separator: "\n").map { line in
      String(line.dropFirst(#"{"type":""#.count).prefix { $0 != "\"" })
    }
    #expect(
      Set(types) == [
        "superblock", "journal_file", "journal", "snapshot", "frame", "partition", "segment",
      ])
    #expect(types.filter { $0 == "segment" }.count == 2)
  }

  @Test func `damage is told with path, position and sentence, and status 1`() throws {
    let left = try directory(endedBy: SIGTERM)
    let path = "\(left.path)/topics/greetings-0/00000000000000000000.log"
    let file = try PosixFileSystem().open(path, .update)
    try file.writeAll([0xFF], at: 70)

    let outcome = shell.run("log", "verify", left.path)

    #expect(outcome.status == 1)
    #expect(outcome.output.hasPrefix("\(path), position 0: the record batch's checksum is "))
    #expect(!outcome.output.contains("no damage"))
    #expect(outcome.error == "curlew: \(left.path) is damaged in 1 place.\n")
    let json = shell.run("log", "verify", "--output=json", left.path)
    #expect(json.status == 1)
    #expect(json.output.hasPrefix(#"{"type":"finding","path":"\#(path)","position":0,"#))
  }

  @Test(arguments: ["dump", "verify"])
  func `a directory that is none is a failure, a wrong option is one of usage`(word: String) throws
  {
    #expect(
      shell.run("log", word, "/nowhere/at/all")
        == .init(
          status: 1, output: "", error: "curlew: there is no directory /nowhere/at/all.\n"))
    #expect(shell.run("log", word).status == 2)
    #expect(shell.run("log", word, "--nonsense", "/tmp").status == 2)
    let outcome = shell.run("log", word, "--output=xml", "/tmp")
    #expect(
      outcome.error
        == "curlew: --output takes text or json, not 'xml'.\nTry 'curlew log \(word) --help'.\n")
    #expect(outcome.status == 2)
  }

  @Test func `a partition that is not there is a failure`() throws {
    let left = try directory(endedBy: SIGKILL)

    let outcome = shell.run("log", "dump", "--records", "greeting-0", left.path)

    #expect(
      outcome
        == .init(
          status: 1, output: "",
          error: "curlew: \(left.path) has no partition greeting-0; did you mean greetings-0?\n"))
  }

  @Test func `keys and values that are no text of one line are base64`() {
    let cases: [([UInt8]?, String)] = [
      (nil, "null"), (Array("null".utf8), "base64:bnVsbA=="), ([], ""),
      (Array("zwölf 🐦".utf8), "zwölf 🐦"), ([0xFF, 0], "base64:/wA="),
      (Array("a\tb".utf8), "base64:YQli"), (Array("a\nb".utf8), "base64:YQpi"),
      (Array("base64:x".utf8), "base64:YmFzZTY0Ong="),
    ]
    for (bytes, text) in cases { #expect(RecordLine.shown(bytes.map { $0[...] }) == text) }
  }
}
