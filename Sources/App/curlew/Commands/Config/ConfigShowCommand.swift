internal import JSON
internal import Model

/// `curlew config show`.
enum ConfigShowCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let configuration = try NodeConfiguration(invocation, command: syntax.name)
    if invocation.options.has("example") {
      try invocation.print(ConfigurationExample.text(configuration))
    } else if isJSON {
      let lines = Settings.node.map { json($0, configuration) }
      try invocation.print(String(decoding: lines.joined(), as: UTF8.self))
    } else {
      try invocation.print(table(configuration, invocation.style))
    }
  }

  static let syntax = CommandSyntax(
    name: "config show", summary: "Show the settings that a server would have",
    introduction: """
      Shows every setting with its value, where the value comes from, and when
      another one takes effect. Takes what 'curlew serve' takes, and starts nothing.
      """,
    groups: SettingOptions.groups(more: [example, LogDumpCommand.output, .help]),
    closing: """
      Columns
        FROM    default, FILE:LINE, an environment variable, or an option
        CHANGE  reload: when the running server gets SIGHUP (marked * above);
                restart: when it is started again; never: a data directory keeps it

      Examples
        $ curlew config show
        $ curlew config show --config /etc/curlew/curlew.yaml --output json
        $ curlew config show --example --data-dir /var/lib/curlew > curlew.yaml
      """)

  private static let example = Option(
    name: "example",
    summary: "Write a configuration file instead: what is set, all else commented out")

  private static func table(
    _ configuration: NodeConfiguration, _ style: TextStyle
  ) -> String {
    var table = TextTable([
      ("SETTING", .left), ("VALUE", .left), ("FROM", .left), ("CHANGE", .left),
    ])
    for setting in Settings.node {
      let value =
        setting.isSecret ? "(hidden)" : setting.shown(configuration.values.text(setting.name))
      table.add([
        setting.name, value.isEmpty ? "-" : value, "\(configuration.source(of: setting.name))",
        setting.change.word,
      ])
    }
    return table.text(style, indent: "")
  }

  private static func json(_ setting: Setting, _ configuration: NodeConfiguration) -> [UInt8] {
    JSONWriter.line("setting") { json in
      json.member("name", setting.name)
      json.name("value")
      if setting.isSecret { json.null() } else { json.write(setting, configuration.values) }
      json.name("secret")
      json.bool(setting.isSecret)
      let source = configuration.source(of: setting.name)
      json.member("source", source.kind)
      switch source {
      case .defaultValue: break
      case .file(let path, let line):
        json.member("file", path)
        json.member("line", line)
      case .environment(let name), .option(let name): json.member("given_as", name)
      }
      json.member("change", setting.change.word)
    }
  }
}

extension JSONWriter {
  /// The value of a setting as JSON has it: sizes in bytes, durations in milliseconds.
  fileprivate mutating func write(_ setting: Setting, _ values: SettingValues) {
    switch setting.kind {
    case .integer, .duration, .size: integer(values.integer(setting.name))
    case .boolean: bool(values.boolean(setting.name))
    case .real: real(Double(values.text(setting.name)) ?? .nan)
    case .text, .choice: string(values.text(setting.name))
    case .list:
      beginArray()
      for item in values.list(setting.name) { string(item) }
      endArray()
    }
  }
}
