import CommitLog
import Embedded
import Glibc
import Platform
import TestSupport
import Testing

@testable import curlew

/// `curlew log repair` and `curlew serve --read-only` on what a killed server left.
@Suite struct RepairToolTests {
  private let shell = Shell(commands: [LogRepairCommand.command])
  private let directory: TemporaryDirectory

  /// A server that took three records and was killed.
  init() throws {
    directory = try TemporaryDirectory()
    let server = try ServerProcess(directory: directory.path)
    let client = try TestHTTPClient(port: server.port)
    for number in 1...3 { try Self.post(number, client) }
    server.signal(SIGKILL)
    server.wait()
  }

  private static func post(_ number: Int, _ client: TestHTTPClient) throws {
    let response = try client.send(
      "POST", "/topics/greetings", headers: [("Content-Type", "application/json")],
      body: Array("\(number)".utf8))
    try #require(response.status == 200, "\(response.text)")
  }

  /// Turns a bit over in the last live frame of the journal.
  private func damageLastFrame() throws {
    let inspector = try Inspector(
      DataDirectory(directory.path, PosixFileSystem()), CatalogueReplayer())
    let last = try #require(try inspector.chain.get().frames.max())
    let file = try PosixFileSystem().open("\(directory.path)/journal/00", .update)
    let place = Int64(last) * 4096 + 60
    let byte = try #require(try file.read(1, at: place).first)
    try file.writeAll([byte ^ 1], at: place)
  }

  @Test func `a directory that needs none is left as it is`() throws {
    let outcome = shell.run("log", "repair", directory.path)

    #expect(
      outcome
        == .init(
          status: 0, output: "Nothing is damaged.\nNothing was changed.\n", error: ""))
  }

  @Test func `it says what each decision comes to, and does what was decided`() throws {
    try damageLastFrame()

    let asked = shell.run("log", "repair", directory.path)
    #expect(asked.status == 1)
    #expect(
      asked.output.hasPrefix("The next start is refused: \(directory.path)/journal/00, block"))
    #expect(asked.output.contains("\nWith --never-acknowledged:\n"))
    #expect(asked.output.contains("\nWith --leave-gap:\n"))
    #expect(asked.error == "curlew: nothing was changed; run it again with a decision.\n")
    let rehearsed = shell.run(
      "log", "repair", "--never-acknowledged", "--dry-run", directory.path)
    #expect(rehearsed.status == 0 && rehearsed.output.hasSuffix("Nothing was changed.\n"))

    let done = shell.run("log", "repair", "--never-acknowledged", directory.path)
    #expect(done.status == 0)
    #expect(done.output.contains("was moved to \(directory.path)/quarantine/journal-"))
    #expect(done.output.hasSuffix("The directory can be served now.\n"))
    #expect(shell.run("log", "repair", directory.path).status == 0)

    let server = try ServerProcess(directory: directory.path)
    try Self.post(4, try TestHTTPClient(port: server.port))
    server.signal(SIGTERM)
    server.wait()
  }

  @Test func `it says the same to machines, an object a line`() throws {
    let whole = shell.run("log", "repair", "--output", "json", directory.path)
    #expect(
      whole
        == .init(
          status: 0, output: #"{"type":"outcome","servable":true,"changed":false}"# + "\n",
          error: ""))
    try damageLastFrame()

    let asked = shell.run("log", "repair", "-o", "json", directory.path)
    let lines = asked.output.split(separator: "\n")
    #expect(asked.status == 1)
    #expect(lines.first?.hasPrefix(#"{"type":"refused","problem":""#) == true)
    for decision in ["--never-acknowledged", "--leave-gap"] {
      #expect(
        lines.contains { line in
          line.hasPrefix(#"{"type":"kept","decision":"\#(decision)","path":""#)
        })
      #expect(
        lines.contains(
          #"{"type":"outcome","decision":"\#(decision)","servable":true,"changed":false}"#))
    }
    let gap = #"{"type":"lost","decision":"--leave-gap","topic":""#
    #expect(lines.contains { $0.hasPrefix(gap) })

    let done = shell.run("log", "repair", "-o", "json", "--leave-gap", directory.path)
    #expect(done.status == 0)
    #expect(done.output.hasSuffix(#"{"type":"outcome","servable":true,"changed":true}"# + "\n"))
  }

  @Test func `a running server is not repaired`() throws {
    let server = try ServerProcess(directory: directory.path)

    let outcome = shell.run("log", "repair", directory.path)

    #expect(outcome.status == 1 && outcome.error.contains("is in use by process"))
    server.signal(SIGTERM)
    server.wait()
  }

  @Test func `wrong options are of usage`() {
    #expect(
      shell.run("log", "repair", "--leave-gap", "--never-acknowledged", "/tmp").error
        == "curlew: --never-acknowledged and --leave-gap exclude each other.\n"
        + "Try 'curlew log repair --help'.\n")
    #expect(shell.run("log", "repair").status == 2)
    #expect(shell.run("log", "repair", "/nowhere/at/all").status == 1)
  }

  @Test func `a read-only server shows what is there and takes nothing`() throws {
    try damageLastFrame()
    let before = try contents()
    let server = try ServerProcess(directory: directory.path, arguments: ["--read-only"])
    let client = try TestHTTPClient(port: server.port)

    let read = try client.send("GET", "/topics/greetings/partitions/0/records/0")
    #expect(read.status == 200 && read.text == "1")
    let refused = try client.send(
      "POST", "/topics/greetings", headers: [("Content-Type", "application/json")],
      body: Array("4".utf8))
    #expect(refused.status == 503)
    #expect(refused.text.contains("The server runs with --read-only: nothing can be written."))
    #expect(try client.send("GET", "/readyz").status == 503)
    server.signal(SIGTERM)
    server.wait()

    #expect(try contents() == before)
  }

  private func contents() throws -> [String: [UInt8]] {
    let files = PosixFileSystem()
    var contents: [String: [UInt8]] = [:]
    for name in ["superblock.0", "superblock.1", "journal/00"] {
      let file = try files.open("\(directory.path)/\(name)", .read)
      contents[name] = try file.read(1 << 21, at: 0)
    }
    for name in try files.list("\(directory.path)/topics") { contents["topics/\(name)"] = [] }
    return contents
  }
}
