import Platform
import Synchronization

@testable import curlew

/// Runs the program in this process and keeps what it writes.
struct Shell {
  struct Outcome: Equatable {
    var status: Int32
    var output: String
    var error: String
  }

  private final class Text: Sendable {
    private let text = Mutex("")
    func append(_ more: String) { text.withLock { $0 += more } }
    var all: String { text.withLock { $0 } }
  }

  var commands = [
    ServeCommand.command, ConfigShowCommand.command, VersionCommand.command,
  ]
  var environment: [(name: String, value: String)] = []

  func run(_ arguments: String...) -> Outcome { run(arguments) }

  func run(_ arguments: [String]) -> Outcome {
    let (output, error) = (Text(), Text())
    let program = Program(
      commands: commands, environment: environment, files: PosixFileSystem(),
      output: { output.append($0) }, error: { error.append($0) })
    let status = program.run(arguments)
    return Outcome(status: status, output: output.all, error: error.all)
  }
}
