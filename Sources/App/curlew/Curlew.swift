internal import Platform

/// The executable.
@main struct Curlew {
  static func main() {
    ThisProcess.openMissingStreams()
    ThisProcess.ignoreClosedPipes()
    let program = Program(
      commands: commands,
      environment: ThisProcess.environment, files: PosixFileSystem(),
      output: { (text) throws(SystemError) in try StandardStream.output.write(text) },
      error: { text in try? StandardStream.error.write(text) }, streams: .process)
    ThisProcess.exit(program.run(Array(CommandLine.arguments.dropFirst())))
  }

  /// All commands, in the order in which help shows them.
  static let commands = [
    ServeCommand.command,
    TopicCreateCommand.command, TopicListCommand.command, TopicDescribeCommand.command,
    TopicAlterCommand.command, TopicDeleteCommand.command,
    ProduceCommand.command, ConsumeCommand.command,
    LogDumpCommand.command, LogVerifyCommand.command,
    ConfigShowCommand.command,
    CompletionCommand.command, VersionCommand.command, ManCommand.command,
  ]
}
