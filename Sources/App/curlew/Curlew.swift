internal import Platform

/// The executable.
@main struct Curlew {
  static func main() {
    let program = Program(
      commands: [
        ServeCommand.command, LogDumpCommand.command, LogVerifyCommand.command,
        ConfigShowCommand.command, VersionCommand.command,
      ],
      environment: ThisProcess.environment, files: PosixFileSystem(),
      output: { (text) throws(SystemError) in try StandardStream.output.write(text) },
      error: { text in try? StandardStream.error.write(text) })
    ThisProcess.exit(program.run(Array(CommandLine.arguments.dropFirst())))
  }
}
