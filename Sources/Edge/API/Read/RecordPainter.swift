internal import Bytes
internal import JSON
internal import Model
internal import Platform

/// Writes records as JSON objects, one behind the other into one array of bytes: nothing is allocated for a record.
struct RecordPainter {
  /// What is written for a record.
  enum Shape: Equatable, Sendable {
    /// `{topic,partition,offset,timestamp,key,value,headers}`.
    case native
    /// `{topic,key,value,partition,offset}` and the extras.
    case v2(RecordExtras)
  }

  private let shape: Shape
  private let format: RecordFormat
  /// Whether a record may not take more than one line.
  private let onOneLine: Bool
  private var clock = SecondText()

  init(_ shape: Shape, _ format: RecordFormat, onOneLine: Bool = false) {
    self.shape = shape
    self.format = format
    self.onOneLine = onOneLine
  }

  /// Appends `record` of `batch`, which belongs to a partition of `topic`.
  mutating func paint(
    _ record: Record, of batch: RecordBatch, topic: TopicName, partition: Int32, to json: inout JSONWriter
  ) throws(ReadingFault) {
    json.beginObject()
    json.name("topic")
    json.string(topic.text)
    switch shape {
    case .native: try paintNative(record, batch, partition, &json)
    case .v2(let extras): try paintV2(record, batch, partition, extras, &json)
    }
    json.endObject()
  }

  private mutating func paintNative(
    _ record: Record, _ batch: RecordBatch, _ partition: Int32, _ json: inout JSONWriter
  ) throws(ReadingFault) {
    json.name("partition")
    json.integer(partition)
    json.name("offset")
    json.integer(record.offset)
    json.name("timestamp")
    clock.paint(record.timestamp, to: &json)
    json.name("key")
    paint(record.key, batch, &json)
    json.name("value")
    paint(record.value, batch, &json)
    if record.value == nil {
      json.name("tombstone")
      json.bool(true)
    }
    json.name("headers")
    json.beginArray()
    if record.headerCount > 0 {
      for header in try Self.headers(record, batch) {
        json.beginObject()
        json.name("name")
        json.string(header.key)
        json.name("value")
        Self.paintText(header.value, &json)
        json.endObject()
      }
    }
    json.endArray()
  }

  private func paintV2(
    _ record: Record, _ batch: RecordBatch, _ partition: Int32, _ extras: RecordExtras,
    _ json: inout JSONWriter
  ) throws(ReadingFault) {
    json.name("key")
    paint(record.key, batch, &json)
    json.name("value")
    paint(record.value, batch, &json)
    json.name("partition")
    json.integer(partition)
    json.name("offset")
    json.integer(record.offset)
    if extras.contains(.timestamp) {
      json.name("timestamp")
      json.integer(record.timestamp)
    }
    if extras.contains(.headers) { try paintV2Headers(record, batch, &json) }
    if extras.contains(.metadata) {
      json.name("leader_epoch")
      json.integer(batch.leaderEpoch)
      json.name("key_size")
      json.integer(record.key?.count ?? -1)
      json.name("value_size")
      json.integer(record.value?.count ?? -1)
    }
  }

  /// Headers as Karapace and Strimzi write them: the value in base64.
  private func paintV2Headers(
    _ record: Record, _ batch: RecordBatch, _ json: inout JSONWriter
  ) throws(ReadingFault) {
    json.name("headers")
    json.beginArray()
    for header in try Self.headers(record, batch) {
      json.beginObject()
      json.name("key")
      json.string(header.key)
      json.name("value")
      if let value = header.value { json.base64String(value.span) } else { json.null() }
      json.endObject()
    }
    json.endArray()
  }

  private func paint(_ range: Range<Int>?, _ batch: RecordBatch, _ json: inout JSONWriter) {
    guard let range else { return json.null() }
    let bytes = batch.storage.span.extracting(range)
    switch format {
    case .json:
      guard JSONText.isValid(bytes) else { return Self.paintText(bytes, &json) }
      if onOneLine { json.rawLine(bytes) } else { json.raw(bytes) }
    case .text: Self.paintText(bytes, &json)
    case .binary: json.base64String(bytes)
    }
  }

  private static func paintText(_ bytes: [UInt8]?, _ json: inout JSONWriter) {
    guard let bytes else { return json.null() }
    paintText(bytes.span, &json)
  }

  private static func paintText(_ bytes: Span<UInt8>, _ json: inout JSONWriter) {
    if JSONText.isUTF8(bytes) { json.string(utf8: bytes) } else { json.base64(bytes) }
  }

  static func headers(
    _ record: Record, _ batch: RecordBatch
  ) throws(ReadingFault) -> [RecordHeader] {
    do throws(RecordBatchFault) {
      return try record.headers(in: batch)
    } catch {
      throw .damagedBatch("The headers of the record at offset \(record.offset): \(error.description)")
    }
  }
}

/// The text of times: records that follow each other mostly share their second.
private struct SecondText {
  private var second = Int64.min
  private var text: [UInt8] = []

  /// Appends the time as a string.
  mutating func paint(_ milliseconds: Int64, to json: inout JSONWriter) {
    let (second, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    guard milliseconds >= 0 else {
      return json.string(RFC3339.text(milliseconds: milliseconds))
    }
    if second != self.second || text.isEmpty {
      self.second = second
      text.removeAll(keepingCapacity: true)
      RFC3339.append(milliseconds: milliseconds, to: &text)
    }
    let point = text.count - 4
    text[point] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 100)
    text[point + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 10 % 10)
    text[point + 2] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
    json.string(utf8: text.span)
  }
}
