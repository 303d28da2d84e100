/// Percent-encoding of RFC 3986, on bytes.
enum PercentCoding {
  /// The bytes of `range`, decoded. Where `plusIsSpace`, as HTML forms write queries. An incomplete
  /// escape stands for itself.
  static func decode(_ bytes: [UInt8], _ range: Range<Int>, plusIsSpace: Bool) -> String {
    guard bytes[range].contains(where: { $0 == 0x25 || (plusIsSpace && $0 == 0x2B) }) else {
      return String(decoding: bytes[range], as: UTF8.self)
    }
    return String(decoding: decodeBytes(bytes, range, plusIsSpace: plusIsSpace), as: UTF8.self)
  }

  /// As `decode`, as bytes.
  static func decodeBytes(_ bytes: [UInt8], _ range: Range<Int>, plusIsSpace: Bool) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(range.count)
    var at = range.lowerBound
    while at < range.upperBound {
      let byte = bytes[at]
      if byte == 0x25, at + 2 < range.upperBound, let high = bytes[at + 1].hexValue,
        let low = bytes[at + 2].hexValue
      {
        output.append(high << 4 | low)
        at += 3
      } else {
        output.append(plusIsSpace && byte == 0x2B ? 0x20 : byte)
        at += 1
      }
    }
    return output
  }
}
