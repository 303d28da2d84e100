import Glibc

/// Cuts what the tests need out of answers, as text: a JSON parser would hide a changed byte.
enum RecordText {
  /// The places in the `offsets` of a produce answer, in their order.
  static func places(_ body: [UInt8]) -> [Ledger.Place] {
    var rest = body[...]
    var places: [Ledger.Place] = []
    while let partition = number(after: #""partition":"#, in: &rest),
      let offset = number(after: #""offset":"#, in: &rest)
    {
      places.append(Ledger.Place(partition: partition, offset: offset))
    }
    return places
  }

  /// The records of an NDJSON answer. A line that is no record becomes one at offset -1, which no
  /// check passes.
  static func records(_ body: [UInt8]) -> [Ledger.Record] {
    body.split(separator: UInt8(ascii: "\n")).map { line in
      var rest = line
      guard let partition = number(after: #""partition":"#, in: &rest),
        let offset = number(after: #""offset":"#, in: &rest),
        let start = range(of: #","value":"#, in: rest)?.upperBound,
        let end = range(of: #","headers":"#, in: rest[start...])?.lowerBound
      else {
        return Ledger.Record(
          place: Ledger.Place(partition: -1, offset: -1),
          value: String(decoding: line, as: UTF8.self))
      }
      return Ledger.Record(
        place: Ledger.Place(partition: partition, offset: offset),
        value: String(decoding: rest[start..<end], as: UTF8.self))
    }
  }

  private static func number(after name: String, in rest: inout ArraySlice<UInt8>) -> Int? {
    guard let start = range(of: name, in: rest)?.upperBound else { return nil }
    let digits = rest[start...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest[digits.endIndex...]
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// Where `text` first stands. The library's own search takes minutes over megabytes in a debug
  /// build.
  private static func range(of text: String, in bytes: ArraySlice<UInt8>) -> Range<Int>? {
    let needle = Array(text.utf8)
    let offset: Int? = bytes.withUnsafeBytes { haystack in
      guard let base = haystack.baseAddress else { return nil }
      var start = 0
      while haystack.count - start >= needle.count,
        let found = memchr(base + start, Int32(needle[0]), haystack.count - start)
      {
        start = UnsafeRawPointer(found) - base
        guard haystack.count - start >= needle.count else { return nil }
        if memcmp(found, needle, needle.count) == 0 { return start }
        start += 1
      }
      return nil
    }
    return offset.map { bytes.startIndex + $0..<bytes.startIndex + $0 + needle.count }
  }
}
