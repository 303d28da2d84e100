/// Where a setting's value comes from.
enum SettingSource: Equatable, CustomStringConvertible {
  /// Nobody set it.
  case defaultValue
  /// A line of the configuration file.
  case file(path: String, line: Int)
  /// An environment variable.
  case environment(String)
  /// An option of the command line, with its dashes.
  case option(String)

  /// The word for where that is.
  var kind: String {
    switch self {
    case .defaultValue: "default"
    case .file: "file"
    case .environment: "environment"
    case .option: "option"
    }
  }

  var description: String {
    switch self {
    case .defaultValue: "default"
    case .file(let path, let line): "\(path):\(line)"
    case .environment(let name): name
    case .option(let name): name
    }
  }
}
