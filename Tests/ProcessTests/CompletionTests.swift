import Glibc
import TestSupport
import Testing

@testable import curlew

/// `curlew completion`, asked as the shells ask.
@Suite struct CompletionTests {
  /// Where a shell finds the executable under test.
  private static let path =
    ServerProcess.executable.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + ":/usr/local/bin:/usr/bin:/bin"

  private static func has(_ shell: String) -> Bool {
    path.split(separator: ":").contains { access("\($0)/\(shell)", X_OK) == 0 }
  }

  /// What `shell` writes for `script`, with the completions in the file `$1`.
  private func run(
    _ shell: [String], _ script: String, _ name: String, server: String = "http://127.0.0.1:1"
  ) throws -> CommandProcess.Outcome {
    let directory = try TemporaryDirectory()
    let completions = try CommandProcess.run(["completion", name]).output
    let file = directory.path + "/completions"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    try #require(write(descriptor, completions, completions.utf8.count) == completions.utf8.count)
    close(descriptor)
    let process = try CommandProcess(
      command: shell + [script.split(separator: "$FILE").joined(separator: file)],
      environment: ["PATH": Self.path, "CURLEW_SERVER": server, "HOME": directory.path])
    process.closeInput()
    return withExtendedLifetime(directory) { process.finish() }
  }

  private func bash(_ words: [String], server: String = "http://127.0.0.1:1") throws -> [String] {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let outcome = try run(
      ["bash", "--norc", "-c"],
      """
      . $FILE && COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count - 1) && _curlew
      printf '%s\\n' "${COMPREPLY[@]}"
      """, "bash", server: server)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test(
    arguments: [
      (["to"], ["topic"]), (["topic", ""], ["create", "list", "describe", "alter", "delete"]),
      (["topic", "create", "--p"], ["--partitions"]), (["topic", "create", ""], []),
      (["produce", "--format", ""], ["auto", "json", "text"]),
      (["produce", "--format", "=", "j"], ["json"]), (["produce", "-f", "t"], ["text"]),
      (["-V", "completion", ""], ["bash", "zsh", "fish"]),
      (["serve", "--log-level", "w"], ["warning"]),
      (["serve", "--allow-anonymous", ""], []),
      (["topic", "create", "x", "-c", "segment.by"], ["segment.bytes="]),
      (["consume", "t", "--offs"], ["--offset"]),
    ] as [([String], [String])])
  func `bash completes commands, options and values`(words: [String], wanted: [String]) throws {
    #expect(try bash(["curlew"] + words) == wanted)
  }

  @Test func `all commands are completed, and none that is hidden`() throws {
    let words = try bash(["curlew", ""])

    let commands = Curlew.commands.map(\.syntax).filter { !$0.isHidden }
    let first = Set(commands.map { String($0.name.prefix { $0 != " " }) })
    #expect(Set(words) == first.union(["help"]))
  }

  @Test func `topics are asked of the server`() throws {
    let directory = try TemporaryDirectory()
    let server = try ServerProcess(directory: directory.path)
    let url = server.url
    for name in ["orders", "other", "clicks"] {
      _ = try CommandProcess.run(["topic", "create", name], environment: ["CURLEW_SERVER": url])
    }

    #expect(try bash(["curlew", "topic", "describe", "o"], server: url) == ["orders", "other"])
    #expect(
      try bash(["curlew", "consume", "--limit", "3", ""], server: url)
        == ["clicks", "orders", "other"])
    #expect(try bash(["curlew", "consume", ""]).isEmpty)
  }

  @Test(.enabled(if: has("zsh"), "zsh is not installed"))
  func `zsh takes its script`() throws {
    let script = """
      autoload -U compinit && compinit -u -d $FILE.dump && . $FILE
      print -r -- $_comps[curlew]
      """
    #expect(
      try run(["zsh", "-f", "-c"], script, "zsh")
        == .init(status: 0, output: "_curlew\n", error: ""))
    #expect(try run(["zsh", "-f", "-n", "-c"], ". $FILE", "zsh").error.isEmpty)
  }

  @Test(.enabled(if: has("fish"), "fish is not installed"))
  func `fish completes commands, options and values`() throws {
    let cases = [
      ("to", "topic"), ("topic cr", "create"), ("topic create --p", "--partitions"),
      ("produce --format j", "json"), ("serve --log-level w", "warning"), ("completion z", "zsh"),
    ]
    let asked = cases.map { "complete -C 'curlew \($0.0)' | string split -f1 \\t" }
    let script = "source $FILE; " + asked.joined(separator: "; ")

    let outcome = try run(["fish", "--no-config", "-c"], script, "fish")

    #expect(outcome.error.isEmpty)
    #expect(outcome.output.split(separator: "\n").map(String.init) == cases.map(\.1))
  }

  @Test func `another shell is refused`() throws {
    #expect(
      try CommandProcess.run(["completion", "csh"])
        == .init(
          status: 2, output: "",
          error: "curlew: there are completions for bash, zsh and fish, not for 'csh'.\n"
            + "Try 'curlew completion --help'.\n"))
  }
}
