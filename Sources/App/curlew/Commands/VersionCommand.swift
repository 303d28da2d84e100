/// `curlew version`.
enum VersionCommand {
  static let text = "curlew \(Version.current)\n"

  static let command = Command(
    syntax: CommandSyntax(
      name: "version", summary: "Print the version",
      groups: [OptionGroup(title: "Options", options: [.help])])
  ) { (invocation) throws(AppError) in
    try invocation.print(text)
  }
}
