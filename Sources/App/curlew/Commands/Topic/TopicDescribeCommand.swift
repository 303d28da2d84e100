internal import JSON

/// `curlew topic describe`.
enum TopicDescribeCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let server = try ServerConnection(invocation, command: syntax.name)
    let response = try server.ask(
      server.request(
        "GET", ["topics", invocation.options.operands[0]], query: [("detail", "true")]))
    let showsAll = invocation.options.has("settings")
    try invocation.print(response, asJSON: isJSON) { (value) throws(JSONFault) in
      text(try TopicDetail(value), showsAll: showsAll, invocation.style)
    }
  }

  private static func text(
    _ topic: TopicDetail, showsAll: Bool, _ style: TextStyle
  ) -> String {
    let counts = [
      counted(topic.partitions.count, "partition"), counted(topic.records, "record"),
      counted(topic.bytes, "byte"),
    ]
    let head = "\(style.bold(topic.name)): \(counts.joined(separator: ", "))\nid \(topic.id)\n"
    var partitions = TextTable([
      ("PARTITION", .right), ("START", .right), ("END", .right), ("BYTES", .right),
      ("SEGMENTS", .right),
    ])
    for partition in topic.partitions {
      partitions.add(
        [
          partition.number, partition.start, partition.end, partition.bytes, partition.segments,
        ].map(String.init))
    }
    var settings = TextTable([("SETTING", .left), ("VALUE", .left), ("FROM", .left)])
    for setting in topic.settings where showsAll || !setting.isDefault {
      settings.add([setting.name, setting.value, setting.isDefault ? "default" : "topic"])
    }
    return head + "\n" + partitions.text(style, indent: "")
      + (settings.isEmpty ? "" : "\n" + settings.text(style, indent: ""))
  }

  static let syntax = CommandSyntax(
    name: "topic describe", operands: "TOPIC", summary: "Show a topic",
    introduction: """
      Shows a topic's partitions, with the first offset and the one behind the last,
      and the settings that were given to it.
      """,
    groups: [
      OptionGroup(
        title: "Topic",
        options: [Option(name: "settings", summary: "Also the settings that have their default")]),
      ServerOptions.group,
    ],
    closing: """
      Examples
        $ curlew topic describe orders
        orders: 2 partitions, 2 records, 125 bytes
        id izj7goZHBzIjuUHgtuxDkA

        PARTITION  START  END  BYTES  SEGMENTS
                0      0    2    125         0
                1      0    0      0         0

        SETTING        VALUE     FROM
        segment.bytes  67108864  topic
        $ curlew topic describe orders --output json | jq '.partitions[0].end'
        2

      \(ServerOptions.exitStatus)
      """,
    operandValues: [.topic])
}
