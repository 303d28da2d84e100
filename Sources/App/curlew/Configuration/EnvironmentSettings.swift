internal import Model

/// What the variables that begin with `CURLEW_` set. An unknown one is refused, so that a misspelt
/// setting does not count for nothing; an empty one counts as not there.
struct EnvironmentSettings {
  /// The configuration file that a variable names.
  private(set) var configurationFile: String?
  /// The settings and their text, in the environment's order.
  private(set) var values: [(setting: Setting, text: String)] = []

  init(
    _ environment: [(name: String, value: String)], command: String = "serve"
  ) throws(AppError) {
    let settings = Dictionary(
      uniqueKeysWithValues: Settings.node.map { ($0.environmentVariable, $0) })
    for (name, text) in environment where name.hasPrefix("CURLEW_") && !text.isEmpty {
      // It belongs to the commands that speak to a server.
      if name == ServerOptions.variable { continue }
      if name == NodeConfiguration.fileVariable {
        configurationFile = text
      } else if let setting = settings[name] {
        values.append((setting, text))
      } else if !Self.isServiceLink(name, text) {
        let known = [NodeConfiguration.fileVariable] + settings.keys.sorted()
        throw .usage(Self.unknown(name, among: known), command: command)
      }
    }
  }

  private static func unknown(_ name: String, among known: [String]) -> String {
    if let topics = Settings.topic.first(where: { $0.environmentVariable == name }) {
      return "\(name) belongs to a topic: give \(topics.name) when the topic is made."
    }
    let near = Spelling.nearest(to: name, among: known)
    return "there is no setting for the environment variable \(name)"
      + (near.map { "; did you mean \($0)?" } ?? "; unset it.")
  }

  /// Kubernetes tells each container of the services around it in variables that begin with the
  /// service's name: `CURLEW_SERVICE_HOST`, `CURLEW_PORT_8082_TCP_ADDR`. A service called `curlew`
  /// or `curlew-a` must not keep the server from starting.
  static func isServiceLink(_ name: String, _ text: String) -> Bool {
    if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") { return true }
    if name.contains("_SERVICE_PORT_") { return true }
    if name.hasSuffix("_PORT"), text.contains("://") { return true }
    let words = name.split(separator: "_")
    return words.indices.dropLast(2).contains { index in
      words[index] == "PORT" && words[index + 1].allSatisfy(\.isNumber)
        && ["TCP", "UDP", "SCTP"].contains(words[index + 2])
    }
  }
}
