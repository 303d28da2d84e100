internal import Platform

/// A command of the program: what it takes, and what it does.
struct Command: Sendable {
  let syntax: CommandSyntax
  let run: @Sendable (Invocation) throws(AppError) -> Void
}

/// What a command is run with.
struct Invocation: Sendable {
  var options: ParsedOptions
  var environment: [(name: String, value: String)]
  var files: any FileSystem
  /// Writes to standard output.
  var output: @Sendable (String) throws(SystemError) -> Void
  /// Writes to standard error.
  var error: @Sendable (String) -> Void
  /// What is at the ends of the process's streams.
  var streams = Streams()
  /// All commands of the program, for those that tell of them.
  var commands: [Command] = []

  /// Writes to standard output, or says that it cannot.
  func print(_ text: String) throws(AppError) {
    do throws(SystemError) { try output(text) } catch { throw .unwritten(error) }
  }

  /// Writes bytes to standard output that need not be text.
  func print(_ bytes: [UInt8]) throws(AppError) {
    do throws(SystemError) { try streams.write(bytes) } catch { throw .unwritten(error) }
  }

  /// How text for standard output is set off.
  var style: TextStyle {
    TextStyle(isTerminal: streams.outputIsTerminal, environment: environment)
  }
}

extension AppError {
  /// Standard output takes nothing more.
  fileprivate static func unwritten(_ error: SystemError) -> AppError {
    error.isClosedPipe
      ? .outputClosed : .failure("standard output cannot be written to: \(error).")
  }
}
