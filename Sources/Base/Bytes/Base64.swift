/// Base64 (RFC 4648) in its two alphabets.
public enum Base64 {
  /// Which alphabet, and whether `=` fills the last group.
  public enum Alphabet: Sendable { case standard, url }

  private static let standardDigits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let urlDigits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, digit) in standardDigits.enumerated() { table[Int(digit)] = UInt8(value) }
    for (value, digit) in urlDigits.enumerated() { table[Int(digit)] = UInt8(value) }
    return table
  }()

  /// Appends `bytes` to `output`: `standard` with padding, `url` without.
  public static func encode(
    _ bytes: Span<UInt8>, _ alphabet: Alphabet = .standard, into output: inout [UInt8]
  ) {
    let digits = alphabet == .standard ? standardDigits : urlDigits
    var index = 0
    while index + 3 <= bytes.count {
      let group = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
      output.append(digits[group >> 18])
      output.append(digits[group >> 12 & 63])
      output.append(digits[group >> 6 & 63])
      output.append(digits[group & 63])
      index += 3
    }
    let left = bytes.count - index
    guard left > 0 else { return }
    let group = Int(bytes[index]) << 16 | (left == 2 ? Int(bytes[index + 1]) << 8 : 0)
    output.append(digits[group >> 18])
    output.append(digits[group >> 12 & 63])
    if left == 2 { output.append(digits[group >> 6 & 63]) }
    if alphabet == .standard {
      output.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - left))
    }
  }

  /// `bytes` as text.
  public static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
    var output: [UInt8] = []
    output.reserveCapacity((bytes.count + 2) / 3 * 4)
    encode(bytes.span, alphabet, into: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// The bytes that `text` stands for, in either alphabet, padded or not; `nil` where it is not
  /// base64.
  public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    var end = text.count
    var padding = 0
    while end > 0, padding < 2, text[end - 1] == UInt8(ascii: "=") {
      end -= 1
      padding += 1
    }
    guard end % 4 != 1, padding == 0 || (end + padding) % 4 == 0 else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(end * 3 / 4)
    var group: UInt32 = 0
    var held = 0
    for index in 0..<end {
      let value = values[Int(text[index])]
      guard value != 0xFF else { return nil }
      group = group << 6 | UInt32(value)
      held += 6
      if held >= 8 {
        held -= 8
        output.append(UInt8(truncatingIfNeeded: group >> UInt32(held)))
      }
    }
    // Bits that belong to no byte must be zero: otherwise two texts would name the same bytes.
    guard group & ((1 << UInt32(held)) - 1) == 0 else { return nil }
    return output
  }
}
