internal import Bytes
internal import Model

/// The body of a v2 produce: `{"records":[{"key","value","partition"}]}`, beside the fields that
/// belong to schemas.
///
/// Fields are found and checked in place; a record's bytes are first copied when they are encoded
/// into a batch. Beyond v2 a record may have `headers`, whose names may be called `key` or `name`,
/// and `timestamp`, as in Karapace and Strimzi.
struct Envelope {
  /// How keys and values stand in it.
  enum Form: Sendable {
    /// Any JSON; what is stored is its text.
    case json
    /// Base64 in a string.
    case binary
    /// A string; what is stored is what it stands for.
    case text
  }

  private struct Fields {
    var key: Range<Int>?
    var value: Range<Int>?
    var partition: Int64?
    var timestamp: Timestamp?
    var headers: [RecordHeader] = []
    var seen: UInt8 = 0
  }

  private let form: Form
  /// The partition that the request line names, for records without one of their own.
  private let path: Int32?
  private var cursor: BodyCursor

  init(_ form: Form, _ cursor: BodyCursor, path: Int32?) {
    self.form = form
    self.cursor = cursor
    self.path = path
  }

  /// Takes all records. What is wrong with one alone is noted for it; what is wrong with the
  /// envelope is thrown.
  mutating func take(into assembly: inout Assembly) throws(Refusal) {
    var seen: UInt8 = 0
    var hasRecords = false
    try cursor.enterObject()
    while let name = try cursor.nextMember() {
      if cursor.isNamed(name, "records") {
        try cursor.once(name, 1, &seen)
        let isNull = try cursor.takeNull()
        hasRecords = !isNull
        if hasRecords { try takeRecords(into: &assembly) }
      } else if let bit = schemaField(name) {
        try cursor.once(name, bit, &seen)
        _ = try cursor.skipValue()
      } else {
        throw cursor.unrecognized(name)
      }
    }
    try cursor.finish()
    guard hasRecords, !assembly.places.placements.isEmpty else { throw .body(.noRecords) }
  }

  private func schemaField(_ name: Range<Int>) -> UInt8? {
    if cursor.isNamed(name, "key_schema") { return 2 }
    if cursor.isNamed(name, "key_schema_id") { return 4 }
    if cursor.isNamed(name, "value_schema") { return 8 }
    if cursor.isNamed(name, "value_schema_id") { return 16 }
    return nil
  }

  private mutating func takeRecords(into assembly: inout Assembly) throws(Refusal) {
    try cursor.enterArray()
    while try cursor.nextElement() {
      let fields = try takeFields()
      guard let partition = partition(fields, &assembly) else { continue }
      do throws(Refusal) {
        try add(fields, partition, to: &assembly)
      } catch {
        guard error.concernsOneRecord else { throw error }
        assembly.refuse(error)
      }
    }
  }

  private mutating func takeFields() throws(Refusal) -> Fields {
    var fields = Fields()
    try cursor.enterObject()
    while let name = try cursor.nextMember() {
      if cursor.isNamed(name, "value") {
        try cursor.once(name, 1, &fields.seen)
        fields.value = try takeBytes()
      } else if cursor.isNamed(name, "key") {
        try cursor.once(name, 2, &fields.seen)
        fields.key = try takeBytes()
      } else if cursor.isNamed(name, "partition") {
        try cursor.once(name, 4, &fields.seen)
        fields.partition = try cursor.takeNull() ? nil : cursor.integer()
      } else if cursor.isNamed(name, "timestamp") {
        try cursor.once(name, 8, &fields.seen)
        fields.timestamp = try takeTimestamp()
      } else if cursor.isNamed(name, "headers") {
        try cursor.once(name, 16, &fields.seen)
        fields.headers = try cursor.takeHeaders()
      } else {
        throw cursor.unrecognized(name)
      }
    }
    return fields
  }

  /// Where a key or a value stands: JSON text, or the inside of a string; `nil` for null.
  private mutating func takeBytes() throws(Refusal) -> Range<Int>? {
    if try cursor.takeNull() { return nil }
    return try form == .json ? cursor.skipValue() : cursor.stringRange()
  }

  private mutating func takeTimestamp() throws(Refusal) -> Timestamp? {
    if try cursor.takeNull() { return nil }
    let timestamp = try cursor.integer()
    guard timestamp >= 0 else {
      throw .body(.invalidField(name: "timestamp", "is milliseconds since 1970, and not negative"))
    }
    return timestamp
  }

  /// The record's own partition or that of the path; noted as refused, and `nil`, where the topic
  /// does not have it.
  private func partition(_ fields: Fields, _ assembly: inout Assembly) -> Int32?? {
    guard let given = fields.partition else { return .some(path) }
    guard given >= 0, given < Int64(assembly.shape.partitionCount) else {
      assembly.refuse(.name(.recordPartition(given, count: assembly.shape.partitionCount)))
      return nil
    }
    return .some(Int32(given))
  }

  private func add(
    _ fields: Fields, _ given: Int32?, to assembly: inout Assembly
  ) throws(Refusal) {
    guard form != .json else {
      return try assembly.add(
        cursor.bytes, key: fields.key, value: fields.value, partition: given,
        timestamp: fields.timestamp, headers: fields.headers)
    }
    let key = try fields.key.map { range throws(Refusal) in try decoded(range) }
    let value = try fields.value.map { range throws(Refusal) in try decoded(range) }
    try assembly.add(
      key: key, value: value, partition: given, timestamp: fields.timestamp,
      headers: fields.headers)
  }

  private func decoded(_ range: Range<Int>) throws(Refusal) -> [UInt8] {
    let text = cursor.unescaped(range)
    guard form == .binary else { return text }
    guard let bytes = Base64.decode(text.span) else {
      throw .body(.badBase64(String(decoding: text.prefix(100), as: UTF8.self)))
    }
    return bytes
  }
}

extension BodyCursor {
  /// Takes a list of headers: each a `key` or `name`, and a `value` in base64 or null.
  mutating func takeHeaders() throws(Refusal) -> [RecordHeader] {
    if try takeNull() { return [] }
    var headers: [RecordHeader] = []
    try enterArray()
    while try nextElement() { headers.append(try takeHeader()) }
    return headers
  }

  private mutating func takeHeader() throws(Refusal) -> RecordHeader {
    var seen: UInt8 = 0
    var key: String?
    var value: [UInt8]?
    try enterObject()
    while let name = try nextMember() {
      if isNamed(name, "key") || isNamed(name, "name") {
        try once(name, 1, &seen)
        key = try string()
      } else if isNamed(name, "value") {
        try once(name, 2, &seen)
        value = try takeNull() ? nil : takeBase64()
      } else {
        throw unrecognized(name)
      }
    }
    guard let key else { throw .body(.missingField("headers.name")) }
    return RecordHeader(key: key, value: value)
  }

  private mutating func takeBase64() throws(Refusal) -> [UInt8] {
    let text = unescaped(try stringRange())
    guard let bytes = Base64.decode(text.span) else {
      throw .body(.badBase64(String(decoding: text.prefix(100), as: UTF8.self)))
    }
    return bytes
  }
}
