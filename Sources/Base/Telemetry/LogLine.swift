internal import Platform

/// Builds one log line.
struct LogLine {
  /// A longer text is cut, so that what a client sent cannot fill a disk.
  static let limitOfText = 1_024
  /// Fields that may not fit are left out.
  static let limitOfLine = 16_384

  private let format: LogFormat
  private var bytes: [UInt8] = []

  init(
    _ format: LogFormat, at milliseconds: Int64, _ level: LogLevel, _ component: String,
    _ message: String
  ) {
    self.format = format
    bytes.reserveCapacity(192)
    switch format {
    case .text:
      RFC3339.append(milliseconds: milliseconds, to: &bytes)
      let name = level.name.uppercased()
      put(" " + name + String(repeating: " ", count: 8 - name.utf8.count))
      if !component.isEmpty { put(component + ": ") }
      put(escaped: message)
    case .json:
      put(#"{"time":""#)
      RFC3339.append(milliseconds: milliseconds, to: &bytes)
      put("\",\"level\":\"\(level.name)\"")
      if !component.isEmpty { append("component", .text(component)) }
      append("message", .text(message), limit: 4 * Self.limitOfText)
    }
  }

  mutating func append(_ name: String, _ value: LogValue, limit: Int = limitOfText) {
    guard bytes.count + name.utf8.count + limit + 32 < Self.limitOfLine else { return }
    switch format {
    case .text: put(" \(name)=")
    case .json: put(",\"\(name)\":")
    }
    switch value {
    case .text(let text): put(value: text, limit)
    case .integer(let number): put(String(number))
    case .number(let number): put(format == .json && !number.isFinite ? "null" : "\(number)")
    case .flag(let flag): put(flag ? "true" : "false")
    }
  }

  /// The line with its end.
  consuming func finished() -> [UInt8] {
    if format == .json { bytes.append(UInt8(ascii: "}")) }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func put(value text: String, _ limit: Int) {
    let isBare =
      format == .text && !text.isEmpty
      && text.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
          && byte != UInt8(ascii: "\\")
      }
    if !isBare { put("\"") }
    put(escaped: text, limit, quotes: true)
    if !isBare { put("\"") }
  }

  /// Appends `text` with everything escaped that could end the line, move a terminal's cursor or,
  /// where `quotes`, end the value. The escapes are JSON's in both formats.
  private mutating func put(
    escaped text: String, _ limit: Int = 4 * limitOfText, quotes: Bool = false
  ) {
    let end = bytes.count + limit
    for scalar in text.unicodeScalars {
      guard bytes.count < end else {
        put("…")
        return
      }
      switch scalar {
      case "\n": put(#"\n"#)
      case "\r": put(#"\r"#)
      case "\t": put(#"\t"#)
      case "\"" where quotes: put(#"\""#)
      case "\\" where quotes: put(#"\\"#)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}":
        let digits = String(scalar.value, radix: 16)
        put(#"\u"# + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
      default: bytes.append(contentsOf: scalar.utf8)
      }
    }
  }
}
