internal import JSON

/// `curlew topic create`.
enum TopicCreateCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let partitions = try invocation.integer("partitions", in: 1...10_000, syntax.name)
    let settings = try invocation.pairs("config", syntax.name)
    let server = try ServerConnection(invocation, command: syntax.name)
    let json = JSONWriter.object { json in
      json.member("name", invocation.options.operands[0])
      if let partitions { json.member("partitions", partitions) }
      TopicOptions.write(settings, to: &json)
    }
    let response = try server.ask(TopicOptions.request(server, "POST", ["topics"], json))
    try invocation.print(response, asJSON: isJSON) { (value) throws(JSONFault) in
      let topic = try TopicDetail(value)
      return "created \(topic.name) with \(counted(topic.partitions.count, "partition"))\n"
    }
  }

  static let syntax = CommandSyntax(
    name: "topic create", operands: "TOPIC", summary: "Make a topic",
    introduction: """
      Makes a topic: a name of letters, digits, '.', '_' and '-', and a number of
      partitions, which can grow later and never shrink.
      """,
    groups: [
      OptionGroup(title: "Topic", options: [TopicOptions.partitions, TopicOptions.config]),
      ServerOptions.group,
    ],
    closing: """
      Examples
        $ curlew topic create orders --partitions 2
        created orders with 2 partitions
        $ curlew topic create clicks -c segment.bytes=64MiB
        created clicks with 1 partition

      Settings
        'curlew topic describe TOPIC --settings' lists all. Without --partitions
        there are as many as the server's num.partitions says.

      \(ServerOptions.exitStatus)
      """)
}
