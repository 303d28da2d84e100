internal import JSON
internal import Model

/// Writes a configuration file that has every setting: those that are set, and the others as
/// comments with their defaults.
enum ConfigurationExample {
  static func text(_ configuration: NodeConfiguration) -> String {
    let settings = Settings.node.map { entry($0, configuration) }
    return head + settings.joined()
  }

  private static let head = """
    # Settings of Curlew. A line that begins with # says nothing: what it shows is the default.
    # An option of the command line wins over the environment, that over this file:
    # 'curlew config show' tells what holds. Sizes are bytes, or 64KiB, 16MiB, 1GiB.

    """

  private static func entry(_ setting: Setting, _ configuration: NodeConfiguration) -> String {
    let isSet = configuration.source(of: setting.name) != .defaultValue && !setting.isSecret
    let value = isSet ? configuration.values.text(setting.name) : setting.defaultValue
    let choices = if case .choice(let words) = setting.kind { words } else { [String]() }
    let more = choices.isEmpty ? "" : " One of \(choices.joined(separator: ", "))."
    return """

      # \(setting.summary)\(more)
      # \(setting.change.sentence)
      \(isSet ? "" : "#")\(setting.name): \(yaml(setting, value))

      """
  }

  private static func yaml(_ setting: Setting, _ value: String) -> String {
    switch setting.kind {
    case .list: "[" + value.split(separator: ",").map { quoted($0) }.joined(separator: ", ") + "]"
    case .text: quoted(value)
    default: setting.shown(value)
    }
  }

  /// YAML reads what JSON writes.
  private static func quoted(_ text: some StringProtocol) -> String {
    var json = JSONWriter()
    json.string(String(text))
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

extension Setting.Change {
  fileprivate var sentence: String {
    switch self {
    case .fixed: "A data directory keeps what it was made with."
    case .restart: "Takes effect when the server is started again."
    case .live: "Takes effect when the server gets SIGHUP."
    }
  }
}
