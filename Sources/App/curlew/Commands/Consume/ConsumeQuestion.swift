internal import HTTPClient

/// What `curlew consume` asks a server for.
struct ConsumeQuestion {
  /// What is shown of a record.
  enum Format: String {
    case value
    case keyAndValue = "key-value"
    case json
  }

  let topic: String
  let format: Format
  let follows: Bool
  let limit: Int64?
  private let query: [(name: String, value: String)]

  init(_ invocation: Invocation, command: String) throws(AppError) {
    let options = invocation.options
    topic = options.operands[0]
    let isJSON = try invocation.wantsJSON(command)
    let word = options.value("format") ?? (isJSON ? "json" : "value")
    guard let format = Format(rawValue: word) else {
      throw .usage("--format takes value, key-value or json, not '\(word)'.", command: command)
    }
    guard !isJSON || format == .json else {
      throw .usage(
        "--output json cannot be given together with --format \(format.rawValue).",
        command: command)
    }
    self.format = format
    follows = options.has("follow")
    limit = try invocation.integer("limit", in: 1...Int64.max, command)
    let partition = try invocation.integer("partition", in: 0...Int64(Int32.max), command)
    let offset = try invocation.integer("offset", in: 0...Int64.max, command)
    guard offset == nil || partition != nil else {
      throw .usage("--offset belongs to one partition; add --partition.", command: command)
    }
    guard offset == nil || !options.has("from") else {
      throw .usage("--offset cannot be given together with --from.", command: command)
    }
    var query: [(name: String, value: String)] = []
    if follows { query.append(("follow", "true")) }
    if format != .json { query.append(("format", "text")) }
    if let from = options.value("from") { query.append(("from", from)) }
    if let partition { query.append(("partition", String(partition))) }
    if let offset { query.append(("offset", String(offset))) }
    if let key = options.value("key") { query.append(("key", key)) }
    self.query = query
  }

  /// The request: records as lines, to the end of the log or without end.
  func request(_ server: ServerConnection) -> HTTPRequest {
    server.request(
      "GET", ["topics", topic, "records"], query: query,
      headers: [("Accept", "application/x-ndjson")])
  }
}
