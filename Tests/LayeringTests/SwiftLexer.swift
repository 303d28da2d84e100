/// Splits Swift into tokens, so that no rule is misled by a comment or a string. What an
/// interpolation holds is code and gives tokens. Regex literals are not told apart from division:
/// the project has none.
struct SwiftLexer {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var tokens: [Token] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func run() -> [Token] {
    code(inInterpolation: false)
    return tokens
  }

  /// Reads code to the end of the file, or to the parenthesis that closes an interpolation.
  private mutating func code(inInterpolation: Bool) {
    var depth = 0
    while let byte = peek() {
      if starts("//") {
        while let next = peek(), next != Self.newline { advance() }
      } else if starts("/*") {
        blockComment()
      } else if let literal = literalStart() {
        string(hashes: literal.hashes, quotes: literal.quotes)
      } else if Self.isWord(byte) {
        word()
      } else {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") {
          if inInterpolation, depth == 0 { return advance() }
          depth -= 1
        }
        if byte > 0x20 {
          tokens.append(Token(text: String(UnicodeScalar(byte)), line: line))
        }
        advance()
      }
    }
  }

  private mutating func word() {
    let start = position
    while let byte = peek(), Self.isWord(byte) { advance() }
    tokens.append(Token(text: String(decoding: bytes[start..<position], as: UTF8.self), line: line))
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if starts("/*") {
        depth += 1
        advance(2)
      } else if starts("*/") {
        depth -= 1
        advance(2)
      } else {
        advance()
      }
    } while depth > 0 && peek() != nil
  }

  /// Reads a literal of any kind. It leaves one token, `"`.
  private mutating func string(hashes: Int, quotes: Int) {
    tokens.append(Token(text: "\"", line: line))
    let fence = String(repeating: "#", count: hashes)
    let end = String(repeating: "\"", count: quotes) + fence
    advance(hashes + quotes)
    while peek() != nil {
      if starts(end) { return advance(end.utf8.count) }
      if starts("\\" + fence + "(") {
        advance(hashes + 2)
        code(inInterpolation: true)
      } else if starts("\\" + fence) {
        advance(hashes + 2)
      } else {
        advance()
      }
    }
  }

  /// The signs that open a literal here, if one does: so many `#`, then one or three quotes.
  private func literalStart() -> (hashes: Int, quotes: Int)? {
    var next = position
    while next < bytes.count, bytes[next] == UInt8(ascii: "#") { next += 1 }
    guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else { return nil }
    let rest = bytes[next...].prefix(3)
    let isMultiline = rest.count == 3 && rest.allSatisfy { $0 == UInt8(ascii: "\"") }
    return (next - position, isMultiline ? 3 : 1)
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private func starts(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where position < bytes.count {
      if bytes[position] == Self.newline { line += 1 }
      position += 1
    }
  }

  private static let newline = UInt8(ascii: "\n")

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
