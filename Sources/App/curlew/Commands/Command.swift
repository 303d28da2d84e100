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

  /// Writes to standard output, or says that it cannot.
  func print(_ text: String) throws(AppError) {
    do throws(SystemError) { try output(text) } catch {
      throw .failure("standard output cannot be written to: \(error).")
    }
  }
}
