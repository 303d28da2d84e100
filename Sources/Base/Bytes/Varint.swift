// Protocol Buffers' variable-length integers with zig-zag signs, as Kafka's records use them.

extension [UInt8] {
  /// Appends `value` as a zig-zag varint: 1 to 10 bytes.
  @inlinable public mutating func append(varint value: Int64) {
    append(unsignedVarint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  /// Appends `value` as a varint without a sign.
  @inlinable public mutating func append(unsignedVarint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}

/// Sizes and decoding of varints.
public enum Varint {
  /// How many bytes `value` takes as a zig-zag varint.
  @inlinable public static func size(_ value: Int64) -> Int {
    let bits = 64 - (UInt64(bitPattern: (value << 1) ^ (value >> 63)) | 1).leadingZeroBitCount
    return (bits + 6) / 7
  }

  /// The zig-zag varint at `position`, which moves behind it; `nil` where it does not end or
  /// exceeds 64 bits.
  @inlinable public static func read(_ bytes: Span<UInt8>, at position: inout Int) -> Int64? {
    guard let raw = readUnsigned(bytes, at: &position) else { return nil }
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// The varint without sign at `position`, which moves behind it; `nil` where it does not end or
  /// exceeds 64 bits.
  @inlinable public static func readUnsigned(_ bytes: Span<UInt8>, at position: inout Int)
    -> UInt64?
  {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = bytes[position]
      position += 1
      if shift == 63, byte > 1 { return nil }
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    return nil
  }
}
