internal import JSON
internal import Model

/// What the query and the headers say of the records of a raw body.
struct RawRecord {
  /// The key of every record.
  var key: [UInt8]?
  /// The partition of every record.
  var partition: Int32?
  /// The timestamp of every record.
  var timestamp: Timestamp?
  /// Headers of every record.
  var headers: [RecordHeader] = []
  /// Where a line's key stands in it.
  var keyPath: JSONPointer?
  /// The type of a body that is neither JSON nor lines of it.
  var contentType: String?

  /// Adds the whole body, or its lines, as records.
  func take(
    _ form: ProduceForm, _ body: [UInt8], _ scanners: ScannerPool, into assembly: inout Assembly
  ) throws(Refusal) {
    switch form {
    case .json: try takeJSON(body, scanners, into: &assembly)
    case .lines: try takeLines(body, scanners, into: &assembly)
    case .bytes(let type): try takeBytes(body, type, into: &assembly)
    case .judged:
      guard !body.isEmpty else { throw .body(.empty) }
      guard !JSONText.isValid(body.span) else {
        return try takeJSON(body, scanners, into: &assembly)
      }
      try add(body, 0..<body.count, [], to: &assembly)
    case .envelope: preconditionFailure("an envelope is taken by Envelope")
    }
  }

  private func takeJSON(
    _ body: [UInt8], _ scanners: ScannerPool, into assembly: inout Assembly
  ) throws(Refusal) {
    try scanners.lend { scanner throws(Refusal) in
      var cursor = try BodyCursor(scanning: body, with: scanner)
      guard cursor.kind != .end else { throw .body(.empty) }
      _ = try cursor.skipValue()
      try cursor.finish()
    }
    // The body as it was sent, white space around the value and all: a file comes back as it was.
    try add(body, 0..<body.count, [], to: &assembly)
  }

  private func takeBytes(
    _ body: [UInt8], _ type: String, into assembly: inout Assembly
  ) throws(Refusal) {
    if let media = MediaType(type), media.type == "text" {
      let charset = media.parameter("charset") ?? "utf-8"
      guard charset != "utf-8" || JSONText.isUTF8(body.span) else { throw .body(.notUTF8) }
    }
    let kept = RecordHeader(key: "content-type", value: Array(type.utf8))
    try add(body, 0..<body.count, [kept], to: &assembly)
  }

  private func takeLines(
    _ body: [UInt8], _ scanners: ScannerPool, into assembly: inout Assembly
  ) throws(Refusal) {
    try scanners.lend { scanner throws(Refusal) in
      var cursor = try BodyCursor(scanning: body, with: scanner)
      var line = 0
      while true {
        var probe = cursor
        guard let range = try cursor.nextLine() else { break }
        line += 1
        guard let keyPath else {
          try add(body, range, [], to: &assembly)
          continue
        }
        guard let key = try probe.key(at: keyPath) else {
          throw .body(.noKey(line: line, pointer: keyPath.text))
        }
        try assembly.add(
          key: key, value: range, of: body, partition: partition, timestamp: timestamp,
          headers: headers)
      }
    }
    guard !assembly.places.placements.isEmpty else { throw .body(.noRecords) }
  }

  private func add(
    _ body: [UInt8], _ range: Range<Int>, _ more: [RecordHeader], to assembly: inout Assembly
  ) throws(Refusal) {
    let headers = more.isEmpty ? headers : more + headers
    guard let key else {
      return try assembly.add(
        body, key: nil, value: range, partition: partition, timestamp: timestamp, headers: headers)
    }
    try assembly.add(
      key: key, value: range, of: body, partition: partition, timestamp: timestamp,
      headers: headers)
  }
}

extension BodyCursor {
  /// The begin of `body`, after its tokens were found.
  init(scanning body: [UInt8], with scanner: JSONScanner) throws(Refusal) {
    do throws(JSONFault) {
      self.init(try scanner.scan(body), body)
    } catch {
      throw .body(.json(error))
    }
  }
}
