import Model
import Platform
import Testing

@testable import curlew

@Suite struct CommandLineTests {
  @Test(arguments: [["--help"], ["-h"], ["help"], ["help", "help"], ["help", "--help"]])
  func `the overview names every command and how to begin`(arguments: [String]) {
    let outcome = Shell().run(arguments)

    #expect(outcome.status == 0 && outcome.error.isEmpty)
    for part in ["Usage: curlew [OPTION...] COMMAND", "\n  serve ", "\n  version ", "curl -d"] {
      #expect(outcome.output.contains(part), "\(part)")
    }
  }

  @Test(arguments: [["serve", "--help"], ["serve", "-h"], ["help", "serve"]])
  func `a command's help has every option with its default`(arguments: [String]) {
    let outcome = Shell().run(arguments)

    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(outcome.output.hasPrefix("Usage: curlew serve [OPTION...]\n\n"))
    for setting in Settings.node {
      #expect(outcome.output.contains("--\(setting.option)"), "\(setting.name)")
    }
    let words = outcome.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("(default 127.0.0.1:8082)"))
    #expect(words.contains("(default 8MiB)"))
    #expect(words.contains("error, warning, info, debug (default info)"))
  }

  @Test func `help fits a terminal of 80 columns`() {
    for arguments in [["--help"], ["serve", "--help"], ["version", "--help"]] {
      let lines = Shell().run(arguments).output.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count < 80 && $0.utf8.allSatisfy { $0 < 0x80 } })
    }
  }

  @Test func `every setting of the node stands under a title of its own`() throws {
    let other = try #require(ServeCommand.syntax.groups.last)

    #expect(other.options.map(\.name) == ["config", "help"])
  }

  @Test(arguments: [["version"], ["--version"], ["-V"]])
  func `the version is one line`(arguments: [String]) {
    #expect(
      Shell().run(arguments)
        == .init(status: 0, output: "curlew \(Version.current)\n", error: ""))
  }

  @Test(
    arguments: [
      ([], "a command is missing: serve, config, version or help.", ""),
      (["serv"], "there is no command 'serv'; did you mean 'serve'?", ""),
      (["xyz"], "there is no command 'xyz'; there are serve, config, version and help.", ""),
      (
        ["help", "xyz"], "there is no command 'xyz'; there are serve, config, version and help.", ""
      ),
      (["-x"], "there is no option -x.", ""),
      (["--verison"], "there is no option --verison; did you mean --version?", ""),
      (["--version=1"], "--version takes no value.", ""),
      (["serve", "here"], "serve does not take 'here'.", "serve "),
      (
        ["serve", "--dat-dir", "x"], "there is no option --dat-dir; did you mean --data-dir?",
        "serve "
      ),
      (
        ["serve", "--data-dir=x", "--lsten=y"],
        "there is no option --lsten; did you mean --listen?", "serve "
      ),
      (["serve", "--data-dir"], "--data-dir needs a value behind it, DIR.", "serve "),
      (["serve", "-d"], "-d needs a value behind it, DIR.", "serve "),
      (["version", "now"], "version does not take 'now'.", "version "),
      (["serve", "--loops=x"], "--loops takes a whole number from 0 to 256, not 'x'.", "serve "),
      (
        ["serve", "--allow-anonymous=maybe"], "--allow-anonymous takes true or false, not 'maybe'.",
        "serve "
      ),
    ] as [([String], String, String)])
  func `what cannot be understood is refused with a sentence`(
    arguments: [String], sentence: String, command: String
  ) {
    let error = "curlew: \(sentence)\nTry 'curlew \(command)--help'.\n"

    #expect(Shell().run(arguments) == .init(status: 2, output: "", error: error))
  }

  @Test func `a group of commands explains itself`() {
    let commands = ["dump", "verify"].map { word in
      Command(syntax: CommandSyntax(name: "log \(word)", operands: "DIR", summary: "Do it")) {
        (invocation) throws(AppError) in
        try invocation.print("\(word) \(invocation.options.operands[0])\n")
      }
    }
    let shell = Shell(commands: commands)

    #expect(shell.run("log", "verify", "x") == .init(status: 0, output: "verify x\n", error: ""))
    #expect(shell.run("log", "--help").output.contains("log verify DIR   Do it\n"))
    #expect(shell.run("help", "log").output == shell.run("log", "--help").output)
    #expect(shell.run("log").error.hasPrefix("curlew: log needs a second word: dump or verify.\n"))
    #expect(
      shell.run("log", "dmup").error
        .hasPrefix("curlew: there is no command 'log dmup'; did you mean 'dump'?\n"))
    #expect(shell.run("log", "dump").error.hasPrefix("curlew: log dump needs DIR.\n"))
    #expect(shell.run("log", "dump", "a", "b").status == 2)
  }

  @Test func `output that cannot be written fails the command`() {
    let program = Program(
      commands: [], environment: [], files: PosixFileSystem(),
      output: { (_) throws(SystemError) in
        throw SystemError(call: "write", subject: "", code: 28)
      },
      error: { #expect($0.contains("standard output cannot be written to: write: No space left")) })

    #expect(program.run(["--help"]) == 1)
  }
}
