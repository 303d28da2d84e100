/// Times as text, as RFC 3339 writes them: `2026-11-25T13:16:41.123Z`.
public enum RFC3339 {
  /// `milliseconds` since 1970 in UTC, always with three digits of fraction.
  public static func text(milliseconds: Int64) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(24)
    append(milliseconds: milliseconds, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends what `text(milliseconds:)` returns. Any number has a text: a year outside 0 to 9999,
  /// for which RFC 3339 has none, gets a sign and the digits it needs, as in ISO 8601.
  public static func append(milliseconds: Int64, to output: inout [UInt8]) {
    var (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    if rest < 0 {
      days -= 1
      rest += 86_400_000
    }
    let date = CivilDate(daysSince1970: days)
    append(year: date.year, to: &output)
    append(UInt8(ascii: "-"), date.month, to: &output)
    append(UInt8(ascii: "-"), date.day, to: &output)
    append(UInt8(ascii: "T"), rest / 3_600_000, to: &output)
    append(UInt8(ascii: ":"), rest / 60_000 % 60, to: &output)
    append(UInt8(ascii: ":"), rest / 1_000 % 60, to: &output)
    output.append(UInt8(ascii: "."))
    output.append(digit(rest / 100 % 10))
    output.append(digit(rest / 10 % 10))
    output.append(digit(rest % 10))
    output.append(UInt8(ascii: "Z"))
  }

  private static func append(year: Int64, to output: inout [UInt8]) {
    guard (0...9999).contains(year) else {
      let digits = String(year.magnitude)
      output.append(UInt8(ascii: year < 0 ? "-" : "+"))
      output.append(
        contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, 4 - digits.utf8.count)))
      output.append(contentsOf: digits.utf8)
      return
    }
    output.append(digit(year / 1_000))
    output.append(digit(year / 100 % 10))
    output.append(digit(year / 10 % 10))
    output.append(digit(year % 10))
  }

  private static func append(_ separator: UInt8, _ value: Int64, to output: inout [UInt8]) {
    output.append(separator)
    output.append(digit(value / 10))
    output.append(digit(value % 10))
  }

  private static func digit(_ value: Int64) -> UInt8 {
    UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)
  }

  /// Milliseconds since 1970 of a time with its offset (`Z`, `+02:00`); `nil` where `text` is none.
  /// Digits after the third of the fraction are cut. `T` may be a space or small, `Z` small. A leap
  /// second, `:60`, is the second after it.
  public static func parse(_ text: String) -> Int64? {
    guard text.utf8.count <= 64 else { return nil }
    var reader = Digits(Array(text.utf8))
    guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2),
      reader.skip("-"), let day = reader.number(2), reader.skipAny("Tt "),
      let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2),
      reader.skip(":"), let second = reader.number(2), let fraction = reader.milliseconds(),
      let offset = reader.offsetMinutes(), reader.isAtEnd
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid, hour <= 23, minute <= 59, second <= 60 else { return nil }
    let minutes = (date.daysSince1970 * 24 + hour) * 60 + minute - offset
    return (minutes * 60 + second) * 1_000 + fraction
  }
}

/// Takes a time's text apart from its front.
private struct Digits {
  let bytes: [UInt8]
  var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  /// The number that exactly `count` digits make.
  mutating func number(_ count: Int) -> Int64? {
    guard bytes.count - position >= count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + count] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    position += count
    return value
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func skipAny(_ characters: String) -> Bool {
    characters.unicodeScalars.contains { skip($0) }
  }

  /// The fraction in milliseconds: 0 where there is none, `nil` where a point has no digits.
  mutating func milliseconds() -> Int64? {
    guard skip(".") else { return 0 }
    var value: Int64 = 0
    var weight: Int64 = 100
    guard let first = number(1) else { return nil }
    value += first * weight
    while let next = number(1) {
      weight /= 10
      value += next * weight
    }
    return value
  }

  /// The offset in minutes, positive to the east.
  mutating func offsetMinutes() -> Int64? {
    if skipAny("Zz") { return 0 }
    let sign: Int64
    if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
    guard let hours = number(2), skip(":"), let minutes = number(2), hours <= 23, minutes <= 59
    else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
