import Glibc
import Model
import TestSupport
import Testing

@testable import curlew

/// The help of every command, and the manual page made of the same table.
@Suite struct ManualTests {
  private let shell = Shell(commands: Curlew.commands)
  private var commands: [CommandSyntax] { Curlew.commands.map(\.syntax) }

  @Test func `each command's help has a usage line, a sentence, options and two examples`() {
    for command in commands {
      let words = command.name.split(separator: " ").map(String.init)
      let outcome = shell.run(words + ["--help"])

      let operands = command.operands.isEmpty ? "" : " " + command.operands
      #expect(outcome.status == 0)
      #expect(
        outcome.output.hasPrefix("Usage: curlew \(command.name) [OPTION...]\(operands)\n\n"))
      #expect(!command.introduction.isEmpty, "\(command.name)")
      let examples = command.closing.firstRange(of: "Examples\n").map {
        command.closing[$0.upperBound...].split(separator: "\n")
          .prefix { $0.hasPrefix("  ") }.filter { $0.contains("curlew \(command.name)") }
      }
      #expect(examples?.count ?? 0 >= 2, "\(command.name)")
      for line in outcome.output.split(separator: "\n") {
        #expect(line.count < 80 && line.utf8.allSatisfy { $0 < 0x80 }, "\(line)")
      }
    }
  }

  @Test func `an option has one meaning in its command`() {
    for command in commands {
      #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name)")
      let letters = command.options.compactMap(\.letter)
      #expect(Set(letters).count == letters.count, "\(command.name)")
    }
  }

  @Test func `a hidden command is in no list`() {
    #expect(!shell.run("--help").output.contains("\n  man "))
    #expect(!shell.run("nonsense").error.contains(", man"))
    #expect(shell.run("man", "--help").status == 0)
  }

  @Test func `the manual has every command, option and setting`() {
    let page = shell.run("man").output

    let plain = page.split(separator: "\\").joined()
    for command in commands where !command.isHidden {
      #expect(plain.contains(".SS \"curlew \(command.name) [OPTION]..."), "\(command.name)")
      for option in command.options { #expect(plain.contains("--\(option.name)\"")) }
    }
    for setting in Settings.node { #expect(plain.contains(".B \(setting.environmentVariable)\n")) }
    for setting in Settings.topic { #expect(plain.contains(".B \(setting.name)\n")) }
  }

  @Test(.enabled(if: access("/usr/bin/groff", X_OK) == 0, "groff is not installed"))
  func `groff has nothing against the manual`() throws {
    let process = try CommandProcess(
      command: ["groff", "-man", "-ww", "-z"], environment: ["PATH": "/usr/bin:/bin"])

    process.write(shell.run("man").output)
    process.closeInput()

    #expect(process.finish() == .init(status: 0, output: "", error: ""))
  }

  @Test func `the version can be JSON`() {
    #expect(
      shell.run("version", "--output", "json")
        == .init(status: 0, output: "{\"version\":\"\(Version.current)\"}\n", error: ""))
  }
}
