internal import HTTPClient
internal import JSON
internal import Model

/// Where events go, and what holds for all of them.
struct ProduceTarget {
  /// Which lines are events.
  enum Format: String {
    /// A line that is JSON, and a line that is not.
    case auto
    /// JSON only.
    case json
    /// Any line, for the bytes that it has.
    case text
  }

  let topic: String
  let format: Format
  let key: String?
  let keyPath: JSONPointer?
  let partition: Int64?
  let headers: [(name: String, value: String)]
  let acks: String

  init(_ invocation: Invocation, command: String) throws(AppError) {
    let options = invocation.options
    topic = options.operands[0]
    let word = options.value("format") ?? "auto"
    guard let format = Format(rawValue: word) else {
      throw .usage("--format takes auto, json or text, not '\(word)'.", command: command)
    }
    key = options.value("key")
    keyPath = try options.value("key-path").map { text throws(AppError) in
      guard let pointer = JSONPointer(text) else {
        throw .usage("--key-path takes a JSON Pointer like /id, not '\(text)'.", command: command)
      }
      return pointer
    }
    guard key == nil || keyPath == nil else {
      throw .usage("--key cannot be given together with --key-path.", command: command)
    }
    guard keyPath == nil || format != .text else {
      throw .usage("--key-path needs events that are JSON, not --format text.", command: command)
    }
    self.format = keyPath == nil ? format : .json
    partition = try invocation.integer("partition", in: 0...Int64(Int32.max), command)
    headers = try invocation.pairs("header", command)
    acks = options.value("acks") ?? "disk"
    guard AckLevel(rawValue: acks) != nil else {
      throw .usage("--acks takes disk, memory or none, not '\(acks)'.", command: command)
    }
  }

  /// A request whose body is events as they are: one JSON value a line, or one event in all.
  func request(
    _ server: ServerConnection, raw body: [UInt8], type: String?, keyBase64: String? = nil
  ) -> HTTPRequest {
    var query: [(name: String, value: String)] = []
    if acks != "disk" { query.append(("acks", acks)) }
    if let partition { query.append(("partition", String(partition))) }
    if let key { query.append(("key", key)) }
    if let keyBase64 {
      query.append(("key_base64", keyBase64))
    } else if let keyPath {
      query.append(("key_path", keyPath.text))
    }
    var fields = headers.map { (name: "Curlew-Header-\($0.name)", value: $0.value) }
    if let type { fields.append(("Content-Type", type)) }
    return server.request(
      "POST", ["topics", topic], query: query, headers: fields, body: .bytes(body))
  }

  /// A request that carries any bytes: the envelope of the REST Proxy's v2, in base64.
  func request(
    _ server: ServerConnection, _ batch: EventBatch, _ events: Range<Int>
  ) -> HTTPRequest {
    var json = JSONWriter(capacity: batch.bytes.count * 2)
    json.object { json in
      json.array("records") { json in
        for index in events { write(batch, batch.events[index], to: &json) }
      }
    }
    return server.request(
      "POST", ["topics", topic], query: acks == "disk" ? [] : [("acks", acks)],
      headers: [("Content-Type", "application/vnd.kafka.binary.v2+json")], body: .bytes(json.bytes))
  }

  private func write(_ batch: EventBatch, _ event: Range<Int>, to json: inout JSONWriter) {
    json.object { json in
      if let key {
        json.name("key")
        json.base64String(Array(key.utf8).span)
      }
      json.name("value")
      json.base64String(batch.bytes.span.extracting(event))
      if let partition { json.member("partition", partition) }
      if !headers.isEmpty { json.array("headers") { write(headers, to: &$0) } }
    }
  }

  private func write(_ headers: [(name: String, value: String)], to json: inout JSONWriter) {
    for header in headers {
      json.object { json in
        json.member("name", header.name)
        json.name("value")
        json.base64String(Array(header.value.utf8).span)
      }
    }
  }
}
