internal import Bytes
internal import Model

// A cursor as text: base64url without padding of
//
//    version u8 = 1, topics varint, then for each topic:
//      topic: the last 8 bytes of its id, little-endian
//      0 for all partitions, else 1 + the only partition, as varint
//      offsets varint, then each as varint: the next one of each partition
//    CRC-32C u32 of all before it, little-endian
//
// Varints are without sign. The checksum tells a cursor that was cut, mixed up or guessed from one
// that was given out. It is no secret: a cursor grants nothing that its caller may not read anyway.

/// Where a reader stands in each partition that it reads.
struct ReadCursor: Equatable, Sendable {
  /// The positions in one topic.
  struct Part: Equatable, Sendable {
    /// The last half of the topic's id: a topic of the same name, made later, has another.
    var topic: UInt64
    /// The only partition that is read; `nil` for all.
    var partition: Int32?
    /// The next offset of each partition that is read.
    var offsets: [Offset]
  }

  /// One part a topic, in the order of the request.
  var parts: [Part]

  /// The most characters a cursor has.
  static let maximumLength = 8_192
  /// The most partitions in one cursor: with offsets below 2^42 it stays below the length.
  static let maximumPartitions = 900
  /// The most topics in one cursor.
  static let maximumTopics = 32
  private static let version: UInt8 = 1

  init(parts: [Part]) { self.parts = parts }

  /// The cursor as text; `nil` where it would be longer than a cursor may be.
  func text() -> [UInt8]? {
    var bytes: [UInt8] = [Self.version]
    bytes.append(unsignedVarint: UInt64(parts.count))
    for part in parts {
      bytes.append(littleEndian: part.topic)
      bytes.append(unsignedVarint: part.partition.map { UInt64($0) + 1 } ?? 0)
      bytes.append(unsignedVarint: UInt64(part.offsets.count))
      for offset in part.offsets { bytes.append(unsignedVarint: UInt64(bitPattern: offset)) }
    }
    bytes.append(littleEndian: CRC32C.checksum(bytes.span))
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    Base64.encode(bytes.span, .url, into: &text)
    return text.count <= Self.maximumLength ? text : nil
  }

  /// The cursor that `text` stands for.
  init(_ text: Span<UInt8>) throws(ReadingFault) {
    guard text.count <= Self.maximumLength, let bytes = Base64.decode(text), bytes.count >= 6
    else { throw .badCursor }
    let end = bytes.count - 4
    guard CRC32C.checksum(bytes, 0..<end) == bytes.load(littleEndianAt: end, as: UInt32.self),
      bytes[0] == Self.version
    else { throw .badCursor }
    guard let parts = Self.parts(bytes.span.extracting(0..<end)) else { throw .badCursor }
    self.parts = parts
  }

  private static func parts(_ bytes: Span<UInt8>) -> [Part]? {
    var position = 1
    guard let count = Varint.readUnsigned(bytes, at: &position), count <= UInt64(maximumTopics)
    else { return nil }
    var parts: [Part] = []
    for _ in 0..<count {
      guard let part = part(bytes, &position) else { return nil }
      parts.append(part)
    }
    return position == bytes.count ? parts : nil
  }

  private static func part(_ bytes: Span<UInt8>, _ position: inout Int) -> Part? {
    guard bytes.count - position >= 8 else { return nil }
    let topic: UInt64 = bytes.load(littleEndianAt: position)
    position += 8
    guard let only = Varint.readUnsigned(bytes, at: &position), only <= UInt64(Int32.max),
      let count = Varint.readUnsigned(bytes, at: &position), count <= UInt64(maximumPartitions),
      only == 0 || count == 1
    else { return nil }
    var offsets: [Offset] = []
    for _ in 0..<count {
      guard let offset = Varint.readUnsigned(bytes, at: &position).flatMap(Offset.init(exactly:))
      else { return nil }
      offsets.append(offset)
    }
    return Part(topic: topic, partition: only == 0 ? nil : Int32(only - 1), offsets: offsets)
  }
}
