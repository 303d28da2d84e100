internal import Bytes
internal import JSON
internal import Model

/// Writes records as JSON objects, one behind the other into one array of bytes: nothing is
/// allocated for a record.
struct RecordPainter: Sendable {
  /// What is written for a record.
  enum Shape: Equatable, Sendable {
    /// `{topic,partition,offset,timestamp,key,value,headers}`.
    case native
    /// `{topic,key,value,partition,offset}` and the extras.
    case v2(RecordExtras)
  }

  private let shape: Shape
  private let values: ValuePainter
  private var clock = SecondText()
  /// What every record of `place` begins with.
  private var opening: [UInt8] = []
  private var place: (topic: TopicName, partition: Int32)?

  init(_ shape: Shape, _ format: RecordFormat, onOneLine: Bool = false) {
    self.shape = shape
    values = ValuePainter(format: format, onOneLine: onOneLine)
  }

  /// Makes the records that follow those of this partition.
  mutating func begin(_ topic: TopicName, _ partition: Int32) {
    if let place, place.partition == partition, place.topic == topic { return }
    place = (topic, partition)
    // A topic's name needs no escapes.
    switch shape {
    case .native:
      opening = Array("{\"topic\":\"\(topic)\",\"partition\":\(partition),\"offset\":".utf8)
    case .v2: opening = Array("{\"topic\":\"\(topic)\",\"key\":".utf8)
    }
  }

  /// Appends `record` of `batch`.
  mutating func paint(
    _ record: Record, of batch: RecordBatch, to output: inout [UInt8]
  ) throws(ReadingFault) {
    output.append(contentsOf: opening)
    switch shape {
    case .native: try paintNative(record, batch, &output)
    case .v2(let extras): try paintV2(record, batch, extras, &output)
    }
    output.append(UInt8(ascii: "}"))
  }

  private mutating func paintNative(
    _ record: Record, _ batch: RecordBatch, _ output: inout [UInt8]
  ) throws(ReadingFault) {
    output.append(decimal: record.offset)
    output.append(contentsOf: Words.timestamp)
    clock.paint(record.timestamp, to: &output)
    output.append(contentsOf: Words.keyBehindTime)
    values.paint(record.key, batch, to: &output)
    output.append(contentsOf: Words.value)
    values.paint(record.value, batch, to: &output)
    if record.value == nil { output.append(contentsOf: Words.tombstone) }
    guard record.headerCount > 0 else { return output.append(contentsOf: Words.noHeaders) }
    output.append(contentsOf: Words.headers)
    for (index, header) in try Self.headers(record, batch).enumerated() {
      output.append(contentsOf: index == 0 ? Words.headerName : Words.nextHeaderName)
      output.append(jsonString: header.key)
      output.append(contentsOf: Words.value)
      ValuePainter.paintText(header.value, to: &output)
      output.append(UInt8(ascii: "}"))
    }
    output.append(UInt8(ascii: "]"))
  }

  private func paintV2(
    _ record: Record, _ batch: RecordBatch, _ extras: RecordExtras, _ output: inout [UInt8]
  ) throws(ReadingFault) {
    values.paint(record.key, batch, to: &output)
    output.append(contentsOf: Words.value)
    values.paint(record.value, batch, to: &output)
    output.append(contentsOf: Words.partition)
    output.append(decimal: Int64(place?.partition ?? 0))
    output.append(contentsOf: Words.offset)
    output.append(decimal: record.offset)
    if extras.isEmpty { return }
    try paintExtras(record, batch, extras, &output)
  }

  private func paintExtras(
    _ record: Record, _ batch: RecordBatch, _ extras: RecordExtras, _ output: inout [UInt8]
  ) throws(ReadingFault) {
    if extras.contains(.timestamp) {
      output.append(contentsOf: #","timestamp":"#.utf8)
      output.append(decimal: record.timestamp)
    }
    if extras.contains(.headers) {
      // As Karapace and Strimzi write them: the value in base64.
      output.append(contentsOf: Words.headers)
      for (index, header) in try Self.headers(record, batch).enumerated() {
        output.append(contentsOf: (index == 0 ? #"{"key":"# : #",{"key":"#).utf8)
        output.append(jsonString: header.key)
        output.append(contentsOf: Words.value)
        ValuePainter.paintBase64(header.value, to: &output)
        output.append(UInt8(ascii: "}"))
      }
      output.append(UInt8(ascii: "]"))
    }
    if extras.contains(.metadata) {
      output.append(contentsOf: #","leader_epoch":"#.utf8)
      output.append(decimal: Int64(batch.leaderEpoch))
      output.append(contentsOf: #","key_size":"#.utf8)
      output.append(decimal: Int64(record.key?.count ?? -1))
      output.append(contentsOf: #","value_size":"#.utf8)
      output.append(decimal: Int64(record.value?.count ?? -1))
    }
  }

  static func headers(
    _ record: Record, _ batch: RecordBatch
  ) throws(ReadingFault) -> [RecordHeader] {
    do throws(RecordBatchFault) {
      return try record.headers(in: batch)
    } catch {
      throw .damagedBatch(
        "The headers of the record at offset \(record.offset): \(error.description)")
    }
  }

  /// What stands between the values.
  private enum Words {
    static let timestamp = Array(#","timestamp":""#.utf8)
    static let keyBehindTime = Array(#"","key":"#.utf8)
    static let value = Array(#","value":"#.utf8)
    static let tombstone = Array(#","tombstone":true"#.utf8)
    static let noHeaders = Array(#","headers":[]"#.utf8)
    static let headers = Array(#","headers":["#.utf8)
    static let headerName = Array(#"{"name":"#.utf8)
    static let nextHeaderName = Array(#",{"name":"#.utf8)
    static let partition = Array(#","partition":"#.utf8)
    static let offset = Array(#","offset":"#.utf8)
  }
}
