internal import Bytes

/// Goes over the encoded headers of one record.
struct RecordHeaderCursor {
  /// Where the current header's name stands.
  private(set) var key = 0..<0
  /// Where the current header's value stands, `nil` for null.
  private(set) var value: Range<Int>?
  private var position: Int
  private let end: Int
  private var left: Int

  init(_ record: Record) {
    position = record.headers.lowerBound
    end = record.headers.upperBound
    left = record.headerCount
  }

  /// Moves to the next header; false behind the last. `index` is the record's, for the fault.
  mutating func next(in storage: [UInt8], of index: Int32) throws(RecordBatchFault) -> Bool {
    guard left > 0 else {
      guard position == end else { throw .record(index: index, .trailing) }
      return false
    }
    left -= 1
    let bytes = storage.span
    guard end <= bytes.count, let key = range(bytes) else { throw .record(index: index, .field) }
    self.key = key
    guard let length = Varint.read(bytes, at: &position), position <= end, length >= -1,
      length <= end - position
    else { throw .record(index: index, .field) }
    value = length < 0 ? nil : position..<position + Int(length)
    position += max(0, Int(length))
    return true
  }

  /// The bytes behind a length that must not be null.
  private mutating func range(_ bytes: Span<UInt8>) -> Range<Int>? {
    guard let length = Varint.read(bytes, at: &position), position <= end, length >= 0,
      length <= end - position
    else { return nil }
    let start = position
    position += Int(length)
    return start..<position
  }
}
