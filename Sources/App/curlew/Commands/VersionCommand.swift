internal import JSON

/// `curlew version`.
enum VersionCommand {
  static let text = "curlew \(Version.current)\n"

  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    guard try invocation.wantsJSON(syntax.name) else { return try invocation.print(text) }
    let json = JSONWriter.object { $0.member("version", Version.current) }
    try invocation.print(String(decoding: json.bytes, as: UTF8.self) + "\n")
  }

  static let syntax = CommandSyntax(
    name: "version", summary: "Print the version",
    introduction: """
      Prints the version of this program. That of a server stands in the answer to
      GET /capabilities.
      """,
    groups: [OptionGroup(title: "Options", options: [ServerOptions.output, .help])],
    closing: """
      Examples
        $ curlew version
        curlew \(Version.current)
        $ curlew version --output json
        {"version":"\(Version.current)"}
      """)
}
