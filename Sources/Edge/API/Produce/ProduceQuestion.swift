internal import Bytes
internal import HTTP
internal import JSON
internal import Model
internal import Platform

/// What a produce asks for, beside its body. A class, so that it goes from hand to hand by one
/// count.
final class ProduceQuestion: Sendable {
  /// The topic, as the path has it.
  let topicText: String
  /// How the records stand in the body.
  let form: ProduceForm
  /// The partition that the path names.
  let pathPartition: String?
  /// When the caller wants its answer.
  let acks: AckLevel
  /// What holds for every record of a raw body.
  let record: RawRecord

  /// What a later version adds to a produce.
  private static let later = ["transaction", "producer_id", "producer_epoch", "sequence"]

  init(_ call: Call) throws(Refusal) {
    let request = call.request
    topicText = request.parameter("topic")
    let partition = request.parameter("partition")
    pathPartition = partition.isEmpty ? nil : partition
    do throws(RequestFault) {
      form = try ProduceForm(call.contentType)
    } catch {
      throw .request(error)
    }
    try Self.refuseLater(call)
    acks = try Self.acks(call)
    var record = RawRecord()
    if request.hasQuery {
      try Self.takeQuery(call, form, hasPartition: pathPartition != nil, into: &record)
    }
    try Self.takeHeaders(call, form, into: &record)
    self.record = record
  }

  private static func refuseLater(_ call: Call) throws(Refusal) {
    if call.request.header("Idempotency-Key") != nil {
      throw .request(.later("the header Idempotency-Key"))
    }
    if call.request.header("ce-specversion") != nil {
      throw .request(.later("CloudEvents (ce- headers)"))
    }
    try call.refuseLater(later)
  }

  private static func acks(_ call: Call) throws(Refusal) -> AckLevel {
    guard let text = call.request.query("acks") else { return .disk }
    guard let level = AckLevel(rawValue: text) else {
      throw .request(.parameter(name: "acks", "takes disk, memory or none."))
    }
    return level
  }

  private static func takeQuery(
    _ call: Call, _ form: ProduceForm, hasPartition: Bool, into record: inout RawRecord
  ) throws(Refusal) {
    let names = ["key", "key_base64", "partition", "timestamp", "key_path"]
    if case .envelope = form {
      for name in names where call.request.query(name) != nil {
        throw .request(
          .parameter(name: name, "belongs to raw bodies; in an envelope each record has its own."))
      }
      return
    }
    record.key = try key(call)
    if let partition: Int32 = try call.integer("partition", in: 0...Int32.max) {
      guard !hasPartition else {
        throw .request(.parameter(name: "partition", "stands in the path already."))
      }
      record.partition = partition
    }
    record.timestamp = try timestamp(call)
    record.keyPath = try keyPath(call, form, hasKey: record.key != nil)
  }

  private static func key(_ call: Call) throws(Refusal) -> [UInt8]? {
    let text = call.request.query("key")
    guard let encoded = call.request.query("key_base64") else { return text.map { Array($0.utf8) } }
    guard text == nil else {
      throw .request(.parameter(name: "key_base64", "cannot be given together with 'key'."))
    }
    guard let key = Base64.decode(Array(encoded.utf8).span) else {
      throw .body(.badBase64(String(encoded.prefix(100))))
    }
    return key
  }

  private static func timestamp(_ call: Call) throws(Refusal) -> Timestamp? {
    guard let text = call.request.query("timestamp") else { return nil }
    guard
      case .time(let milliseconds)? = TimeQuestion(text, now: call.context.time.wallMilliseconds)
    else {
      throw .request(
        .parameter(
          name: "timestamp", "takes a time like 2026-11-25T13:00:00Z, or milliseconds since 1970."))
    }
    return milliseconds
  }

  private static func keyPath(
    _ call: Call, _ form: ProduceForm, hasKey: Bool
  ) throws(Refusal) -> JSONPointer? {
    guard let text = call.request.query("key_path") else { return nil }
    guard form == .lines else {
      throw .request(
        .parameter(name: "key_path", "belongs to bodies of type application/x-ndjson."))
    }
    guard !hasKey else {
      throw .request(.parameter(name: "key_path", "cannot be given together with a key."))
    }
    guard let pointer = JSONPointer(text) else {
      throw .request(.parameter(name: "key_path", "takes a JSON Pointer like /id."))
    }
    return pointer
  }

  private static func takeHeaders(
    _ call: Call, _ form: ProduceForm, into record: inout RawRecord
  ) throws(Refusal) {
    let prefix = "Curlew-Header-"
    let headers = call.request.headers(prefixed: prefix)
    guard !headers.isEmpty else { return }
    if case .envelope = form {
      throw .request(
        .header(
          name: headers[0].name, "belongs to raw bodies; in an envelope a record has 'headers'."))
    }
    for (name, value) in headers {
      let key = String(name.dropFirst(prefix.utf8.count))
      guard !key.isEmpty else { throw .request(.header(name: name, "names no record header.")) }
      record.headers.append(RecordHeader(key: key, value: Array(value.utf8)))
    }
  }
}
