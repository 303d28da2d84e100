import TestSupport
import Testing

@testable import curlew

/// The executable on a terminal, which script(1) is for it.
@Suite struct TerminalTests {
  private let directory: TemporaryDirectory
  private let server: ServerProcess

  init() throws {
    directory = try TemporaryDirectory()
    server = try ServerProcess(directory: directory.path)
  }

  private func terminal(_ command: String, _ more: [String: String] = [:]) throws -> String {
    let environment = [
      "CURLEW_SERVER": server.url, "PATH": "/usr/bin:/bin",
      "TERM": "xterm", "CURLEW": ServerProcess.executable,
    ]
    let process = try CommandProcess(
      command: ["script", "-qec", command, "/dev/null"],
      environment: environment.merging(more) { $1 })
    return process.finish().output
  }

  @Test func `titles and errors are set off on a terminal, unless NO_COLOR refuses it`() throws {
    _ = try terminal("\"$CURLEW\" topic create t")

    #expect(try terminal("\"$CURLEW\" topic list").hasPrefix("\u{1B}[1mTOPIC"))
    #expect(
      try terminal("\"$CURLEW\" consume x").hasPrefix("\u{1B}[1;31mcurlew:\u{1B}[0m There is no"))
    for refusal in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      #expect(try terminal("\"$CURLEW\" topic list", refusal).hasPrefix("TOPIC"))
      #expect(try terminal("\"$CURLEW\" consume x", refusal).hasPrefix("curlew: There is no"))
    }
    #expect(try terminal("\"$CURLEW\" topic list", ["NO_COLOR": ""]).hasPrefix("\u{1B}[1mTOPIC"))
    #expect(try terminal("\"$CURLEW\" topic list | cat").hasPrefix("TOPIC"))
  }

  @Test func `progress is shown on a terminal and taken away again`() throws {
    let shown = try terminal("seq 100 | \"$CURLEW\" produce t")

    #expect(shown.hasPrefix("\r\u{1B}[K100 events, "))
    #expect(shown.hasSuffix(" a second\r\u{1B}[K100 events stored in t\r\n"))
    #expect(
      try terminal("seq 2 | \"$CURLEW\" produce t 2>&1 | cat") == "2 events stored in t\r\n")
  }

  @Test func `a stream that the process was started without is none of its files`() throws {
    let data = try TemporaryDirectory()
    let script = """
      "$CURLEW" produce t <&- && "$CURLEW" version >&- && "$CURLEW" topic list 2>&- | head -1
      "$CURLEW" serve --data-dir "$DATA" --listen 127.0.0.1:0 <&- >&- 2>&- &
      until [ -e "$DATA/superblock.0" ]; do :; done
      kill $! && wait $! && "$CURLEW" log verify "$DATA" | tail -1
      """
    let process = try CommandProcess(
      command: ["sh", "-c", script],
      environment: [
        "CURLEW_SERVER": server.url, "PATH": "/usr/bin:/bin",
        "CURLEW": ServerProcess.executable, "DATA": data.path,
      ])

    let outcome = withExtendedLifetime(data) { process.finish() }

    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first == "0 events stored in t", "\(outcome)")
    #expect(lines.last?.hasSuffix("no damage") == true, "\(outcome)")
  }
}
