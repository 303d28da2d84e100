internal import Model
internal import Platform

/// The settings of the node, each with where its value comes from. An option wins over an
/// environment variable, that over the configuration file, that over the default; all that is given
/// must be right, also where something stronger hides it.
struct NodeConfiguration {
  /// The values.
  private(set) var values = SettingValues(.node)
  private var sources: [String: SettingSource] = [:]
  /// The file that was read, where one is named.
  private(set) var file: String?
  /// The command whose help explains what is wrong.
  private let command: String

  /// Where the value of a setting comes from.
  func source(of name: String) -> SettingSource { sources[name] ?? .defaultValue }

  /// All settings of `options`, `environment` and the file that they name, for `command`.
  init(
    options: ParsedOptions, environment: [(name: String, value: String)], files: any FileSystem,
    command: String = "serve"
  ) throws(AppError) {
    self.command = command
    let variables = try EnvironmentSettings(environment, command: command)
    file = options.value(Self.fileOption) ?? variables.configurationFile
    if let file { try apply(ConfigurationFile(path: file, files, command: command)) }
    for (setting, value) in variables.values {
      let variable = setting.environmentVariable
      try set(setting.name, value, .environment(variable), calledThere: variable)
    }
    try apply(options)
  }

  /// All settings of what the program was called with.
  init(_ invocation: Invocation, command: String) throws(AppError) {
    try self.init(
      options: invocation.options, environment: invocation.environment, files: invocation.files,
      command: command)
  }

  /// The settings whose values are others in `newer`, in the table's order.
  func differences(to newer: NodeConfiguration) -> [Setting] {
    Settings.node.filter { values.text($0.name) != newer.values.text($0.name) }
  }

  /// Takes over from `newer` what may change while the server runs.
  mutating func adopt(_ newer: NodeConfiguration) {
    var explicit = values.explicit
    for setting in Settings.node where setting.change == .live {
      explicit[setting.name] = newer.values.explicit[setting.name]
      sources[setting.name] = newer.sources[setting.name]
    }
    values = SettingValues(.node, recorded: explicit)
  }

  /// The option that names the configuration file.
  static let fileOption = "config"
  /// The environment variable that does.
  static let fileVariable = "CURLEW_CONFIG"

  private mutating func apply(_ file: ConfigurationFile) throws(AppError) {
    for entry in file.entries {
      let source = SettingSource.file(path: file.path, line: entry.line)
      try set(entry.name, entry.value, source, calledThere: "\(source): \(entry.name)")
    }
  }

  private mutating func apply(_ options: ParsedOptions) throws(AppError) {
    for setting in Settings.node where options.has(setting.option) {
      let given = options.given.filter { $0.option == setting.option }.map { $0.value ?? "true" }
      // A list takes all that was given; of anything else the last is meant.
      let text =
        if case .list = setting.kind { given.joined(separator: ",") } else { given.last ?? "" }
      let option = "--" + setting.option
      try set(setting.name, text, .option(option), calledThere: option)
    }
  }

  private mutating func set(
    _ name: String, _ text: String, _ source: SettingSource, calledThere place: String
  ) throws(AppError) {
    do throws(SettingFault) {
      try values.set(name, to: text)
      sources[name] = source
    } catch {
      throw .usage(Self.sentence(error, source, place), command: command)
    }
  }

  private static func sentence(
    _ fault: SettingFault, _ source: SettingSource, _ place: String
  ) -> String {
    switch fault {
    case .unknown(let name, _, let nearest):
      if Settings.topic.contains(where: { $0.name == name }) {
        return "\(place) belongs to a topic: give it when the topic is made."
      }
      return "\(source): there is no setting \(name)"
        + (nearest.map { "; did you mean \($0)?" } ?? ".")
    case .value(_, let text, let expected): return "\(place) takes \(expected), not '\(text)'."
    case .refused(_, let text, let reason): return "\(place) cannot be '\(text)': \(reason)"
    }
  }
}
