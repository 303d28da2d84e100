internal import JSON

/// `curlew topic delete`.
enum TopicDeleteCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let server = try ServerConnection(invocation, command: syntax.name)
    let topic = invocation.options.operands[0]
    _ = try server.ask(server.request("DELETE", ["topics", topic]))
    guard isJSON else { return try invocation.print("deleted \(topic)\n") }
    let json = JSONWriter.object { $0.member("deleted", topic) }
    try invocation.print(json.bytes + [UInt8(ascii: "\n")])
  }

  static let syntax = CommandSyntax(
    name: "topic delete", operands: "TOPIC", summary: "Delete a topic and its records",
    introduction: """
      Deletes a topic with all its records, at once and for good. It does not ask
      again.
      """,
    groups: [ServerOptions.group],
    closing: """
      Examples
        $ curlew topic delete clicks
        deleted clicks
        $ curlew topic delete orders --server http://10.0.0.5:8082 --output json
        {"deleted":"orders"}

      \(ServerOptions.exitStatus)
      """,
    operandValues: [.topic])
}
