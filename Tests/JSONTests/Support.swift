import JSON
import Testing

/// Small, fast and good enough to shuffle texts (Steele and others, SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

/// The fault that `body` throws.
func fault(_ body: () throws(JSONFault) -> Void) -> JSONFault? {
  do throws(JSONFault) {
    try body()
    return nil
  } catch {
    return error
  }
}

/// Writes JSON texts by chance: all of the grammar, with white space in odd places.
struct TextGenerator {
  var random: SplitMix

  mutating func value(depth: Int) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
    case 0: ["true", "false", "null"].randomElement(using: &random)!
    case 1, 2: number()
    case 3, 4, 5: string()
    case 6: array(depth)
    default: object(depth)
    }
  }

  mutating func array(_ depth: Int) -> String {
    let elements = (0..<Int.random(in: 0...4, using: &random)).map { _ in
      blank() + value(depth: depth - 1) + blank()
    }
    return "[" + (elements.isEmpty ? blank() : elements.joined(separator: ",")) + "]"
  }

  mutating func object(_ depth: Int) -> String {
    let members = (0..<Int.random(in: 0...4, using: &random)).map { _ in
      blank() + string() + blank() + ":" + blank() + value(depth: depth - 1) + blank()
    }
    return "{" + (members.isEmpty ? blank() : members.joined(separator: ",")) + "}"
  }

  mutating func blank() -> String {
    [" ", "\n", "\t", "\r", "  \n  "].randomElement(using: &random)!
      .filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
  }

  mutating func number() -> String {
    let sign = Bool.random(using: &random) ? "-" : ""
    let whole = ["0", "7", "42", "1234567890", "9223372036854775807", "123456789012345678901"]
      .randomElement(using: &random)!
    let fraction = ["", "", ".0", ".25", ".000000000000000000001"].randomElement(using: &random)!
    let exponent = ["", "", "", "e1", "E+2", "e-3", "e400", "e-400"].randomElement(using: &random)!
    return sign + whole + fraction + exponent
  }

  mutating func string() -> String {
    let parts = [
      "a", "key", "some longer text", "é", "€", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u0041",
      "\\u00e9", "\\uD83D\\uDE00",
      "\\ud800", "\\udc00", "\\u0000", "{", "}", "[", "]", ":", ",", "\u{7f}", "/", "'",
    ]
    let count = Int.random(in: 0...6, using: &random)
    return "\"" + (0..<count).map { _ in parts.randomElement(using: &random)! }.joined() + "\""
  }

  /// Some bytes of `text` changed, added, taken away or moved.
  mutating func mutate(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let at = Int.random(in: 0...text.count, using: &random)
      let byte = Array("{}[]:,\"\\0129-+.eEtfnu \n\u{1}".utf8).randomElement(using: &random)!
      switch Int.random(in: 0..<6, using: &random) {
      case 0: text.insert(byte, at: at)
      case 1 where at < text.count: text[at] = byte
      case 2 where at < text.count: text.remove(at: at)
      case 3 where at < text.count: text[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 4: text.removeSubrange(at...)
      default: text.insert(contentsOf: text[at..<min(at + 5, text.count)], at: at / 2)
      }
    }
    return text
  }
}
