internal import Model

/// The options of all commands that speak to a server.
enum ServerOptions {
  /// The environment variable that names the server.
  static let variable = "CURLEW_SERVER"
  /// The server where nothing names one.
  static let defaultURL = "http://127.0.0.1:8082"

  static let server = Option(
    name: "server", letter: "s", argument: .required("URL"),
    summary: "The server (default $\(variable), else \(defaultURL))")
  static let timeout = Option(
    name: "timeout", argument: .required("TIME"),
    summary: "How long to wait for the begin of an answer (default 60s)")
  static let output = Option(
    name: "output", letter: "o", argument: .required("WORD"),
    summary: "How to show the result: text or json (default text)",
    values: .words(["text", "json"])
  )

  /// The group that closes the options of each of these commands.
  static let group = OptionGroup(title: "Other", options: [server, timeout, output, .help])

  /// What each of them says of its exit status.
  static let exitStatus = """
    Exit status
      0 when it was done, 1 when it could not be, 2 for a wrong option
    """
}

extension Invocation {
  /// Whether `--output` asks for JSON.
  func wantsJSON(_ command: String) throws(AppError) -> Bool {
    switch options.value("output") ?? "text" {
    case "text": return false
    case "json": return true
    case let word:
      throw .usage("--output takes text or json, not '\(word)'.", command: command)
    }
  }

  /// The value of an option that is a number within `range`; `nil` where it was not given.
  func integer(
    _ option: String, in range: ClosedRange<Int64>, _ command: String
  ) throws(AppError) -> Int64? {
    try canonical(option, .integer(range), command).flatMap { Int64($0) }
  }

  /// The milliseconds of an option that is a duration; `nil` where it was not given.
  func milliseconds(_ option: String, _ command: String) throws(AppError) -> Int64? {
    try canonical(option, .duration(1...86_400_000), command).flatMap { Int64($0) }
  }

  private func canonical(
    _ option: String, _ kind: SettingKind, _ command: String
  ) throws(AppError) -> String? {
    guard let text = options.value(option) else { return nil }
    guard let canonical = kind.canonical(text) else {
      throw .usage("--\(option) takes \(kind.expectation), not '\(text)'.", command: command)
    }
    return canonical
  }

  /// The pairs `NAME=VALUE` of an option that may be repeated.
  func pairs(
    _ option: String, _ command: String
  ) throws(AppError) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for text in options.values(option) {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw .usage("--\(option) takes NAME=VALUE, not '\(text)'.", command: command)
      }
      pairs.append((String(text[..<equals]), String(text[text.index(after: equals)...])))
    }
    return pairs
  }
}
