internal import Bytes
internal import Model
internal import Platform

/// Keys and values as a person reads them, one line a record.
enum RecordLine {
  /// `null`, the text itself, or `base64:` and the bytes where they are no text of one line, or a
  /// text that one of the other two could be taken for.
  static func shown(_ bytes: ArraySlice<UInt8>?) -> String {
    guard let bytes else { return "null" }
    if let text = String(validating: bytes, as: UTF8.self), text != "null",
      !text.hasPrefix(base64), text.unicodeScalars.allSatisfy(isPrintable)
    {
      return text
    }
    return base64 + Base64.encode(Array(bytes))
  }

  private static let base64 = "base64:"

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse,
      .surrogate:
      false
    default: true
    }
  }

  /// A timestamp, a dash where there is none.
  static func time(_ timestamp: Timestamp?) -> String {
    guard let timestamp, timestamp != -1, timestamp != .min, timestamp != .max else { return "-" }
    return RFC3339.text(milliseconds: timestamp)
  }
}
