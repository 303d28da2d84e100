import Bytes
import Model
import TestSupport

/// A record as a test thinks of it.
struct Plain: Equatable {
  var key: [UInt8]?
  var value: [UInt8]?
  var timestamp: Timestamp
  var headers: [RecordHeader]

  /// A record of chance; its timestamp is of 1970 to 2149.
  static func random(using random: inout SeededRandom) -> Plain {
    Plain(
      key: bytes(using: &random), value: bytes(using: &random),
      timestamp: Int64.random(in: 0...5_666_666_666_666, using: &random),
      headers: (0..<Int.random(in: 0...3, using: &random)).map { index in
        RecordHeader(key: ["", "h", "größe"][index], value: bytes(using: &random))
      })
  }

  private static func bytes(using random: inout SeededRandom) -> [UInt8]? {
    let count = [-1, 0, 1, 63, 64, 300].randomElement(using: &random)!
    return count < 0 ? nil : random.bytes(count)
  }
}

func append(_ record: Plain, to builder: inout RecordBatchBuilder) {
  switch (record.key, record.value) {
  case (let key?, let value?):
    builder.append(
      key: key.span, value: value.span, timestamp: record.timestamp, headers: record.headers)
  case (let key?, nil):
    builder.append(
      key: key.span, value: nil, timestamp: record.timestamp, headers: record.headers)
  case (nil, let value?):
    builder.append(
      key: nil, value: value.span, timestamp: record.timestamp, headers: record.headers)
  case (nil, nil):
    builder.append(key: nil, value: nil, timestamp: record.timestamp, headers: record.headers)
  }
}
