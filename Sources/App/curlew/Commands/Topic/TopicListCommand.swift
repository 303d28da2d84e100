internal import JSON

/// `curlew topic list`.
enum TopicListCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let server = try ServerConnection(invocation, command: syntax.name)
    var query = [(name: "detail", value: "true")]
    if invocation.options.has("internal") { query.append(("internal", "true")) }
    let response = try server.ask(server.request("GET", ["topics"], query: query))
    let isBrief = invocation.options.has("names")
    try invocation.print(response, asJSON: isJSON) { (value) throws(JSONFault) in
      var topics: [TopicDetail] = []
      for topic in try value.array("the answer") { topics.append(try TopicDetail(topic)) }
      return isBrief
        ? topics.map { $0.name + "\n" }.joined() : table(topics, invocation.style)
    }
  }

  private static func table(_ topics: [TopicDetail], _ style: TextStyle) -> String {
    var table = TextTable([
      ("TOPIC", .left), ("PARTITIONS", .right), ("RECORDS", .right), ("BYTES", .right),
    ])
    for topic in topics {
      table.add([
        topic.name, "\(topic.partitions.count)", "\(topic.records)", "\(topic.bytes)",
      ])
    }
    return table.isEmpty ? "" : table.text(style, indent: "")
  }

  static let syntax = CommandSyntax(
    name: "topic list", summary: "List the topics",
    introduction: """
      Lists the topics with their partitions, the records that can be read, and the
      bytes on disk. Without topics it prints nothing.
      """,
    groups: [
      OptionGroup(
        title: "Topics",
        options: [
          Option(name: "names", letter: "n", summary: "Only the names, one a line"),
          Option(name: "internal", summary: "Also the topics that the server keeps for itself"),
        ]),
      ServerOptions.group,
    ],
    closing: """
      Examples
        $ curlew topic list
        TOPIC   PARTITIONS  RECORDS  BYTES
        clicks           1        0      0
        orders           2        2    125
        $ curlew topic list --names
        clicks
        orders

      \(ServerOptions.exitStatus)
      """)
}
