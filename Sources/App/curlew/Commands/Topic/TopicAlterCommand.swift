internal import JSON
internal import Model

/// `curlew topic alter`.
enum TopicAlterCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let partitions = try invocation.integer("partitions", in: 1...10_000, syntax.name)
    let settings = try invocation.pairs("config", syntax.name)
    let reset = invocation.options.values("reset")
    guard partitions != nil || !settings.isEmpty || !reset.isEmpty else {
      throw .usage(
        "\(syntax.name) needs --partitions, --config or --reset.", command: syntax.name)
    }
    let server = try ServerConnection(invocation, command: syntax.name)
    let json = JSONWriter.object { json in
      if let partitions { json.member("partitions", partitions) }
      TopicOptions.write(settings, reset: reset, to: &json)
    }
    let path = ["topics", invocation.options.operands[0]]
    let response = try server.ask(TopicOptions.request(server, "PATCH", path, json))
    try invocation.print(response, asJSON: isJSON) { (value) throws(JSONFault) in
      let topic = try TopicDetail(value)
      let own = topic.settings.filter { !$0.isDefault }.map { "\($0.name)=\($0.value)" }
      let count = counted(topic.partitions.count, "partition")
      return "\(topic.name) now has \(([count] + own).joined(separator: ", "))\n"
    }
  }

  static let syntax = CommandSyntax(
    name: "topic alter", operands: "TOPIC", summary: "Change a topic",
    introduction: """
      Adds partitions to a topic, or changes its settings. Keys that hash to another
      partition than before go there from now on.
      """,
    groups: [
      OptionGroup(
        title: "Topic",
        options: [
          TopicOptions.partitions, TopicOptions.config,
          Option(
            name: "reset", argument: .required("NAME"),
            summary: "A setting that returns to its default; may be repeated",
            values: .words(Settings.topic.map(\.name))),
        ]),
      ServerOptions.group,
    ],
    closing: """
      Examples
        $ curlew topic alter orders --partitions 4 --config segment.bytes=16MiB
        orders now has 4 partitions, segment.bytes=16777216
        $ curlew topic alter orders --reset segment.bytes
        orders now has 4 partitions

      \(ServerOptions.exitStatus)
      """,
    operandValues: [.topic])
}
