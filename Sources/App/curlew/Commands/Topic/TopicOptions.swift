internal import HTTPClient
internal import JSON
internal import Model

/// What the commands on topics have in common.
enum TopicOptions {
  static let partitions = Option(
    name: "partitions", letter: "p", argument: .required("N"), summary: "How many partitions")
  static let config = Option(
    name: "config", letter: "c", argument: .required("NAME=VALUE"),
    summary: "A setting of the topic; may be repeated",
    values: .words(Settings.topic.map { $0.name + "=" }))

  /// The member `config` of what is sent: settings as they were given, and `null` for those that
  /// return to their defaults.
  static func write(
    _ settings: [(name: String, value: String)], reset: [String] = [], to json: inout JSONWriter
  ) {
    guard !settings.isEmpty || !reset.isEmpty else { return }
    json.object("config") { json in
      // A name twice would be refused; the last is meant.
      for (index, setting) in settings.enumerated()
      where !settings[(index + 1)...].contains(where: { $0.name == setting.name }) {
        json.name(text: setting.name)
        json.string(setting.value)
      }
      for name in reset where !settings.contains(where: { $0.name == name }) {
        json.name(text: name)
        json.null()
      }
    }
  }

  /// A request with a JSON body to the topics of `server`.
  static func request(
    _ server: ServerConnection, _ method: String, _ path: [String], _ json: JSONWriter
  ) -> HTTPRequest {
    server.request(
      method, path, headers: [("Content-Type", "application/json")], body: .bytes(json.bytes))
  }
}

extension Invocation {
  /// Prints the answer of the server: as it is, or as `text` says it.
  func print(
    _ response: HTTPResponse, asJSON: Bool, text: (JSONValue) throws(JSONFault) -> String
  ) throws(AppError) {
    guard !asJSON else { return try print(response.body + [UInt8(ascii: "\n")]) }
    let shown: String
    do throws(JSONFault) { shown = try text(try JSONValue.parse(response.body)) } catch {
      throw .failure("the server's answer cannot be understood: \(error.message).")
    }
    try print(shown)
  }
}
