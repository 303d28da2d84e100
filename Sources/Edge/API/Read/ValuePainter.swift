internal import Bytes
internal import JSON
internal import Model

/// Writes keys and values as JSON.
struct ValuePainter: Sendable {
  let format: RecordFormat
  /// Whether a value may not take more than one line: a line end between its tokens becomes a
  /// space.
  let onOneLine: Bool

  private static let null = Array("null".utf8)

  /// Appends the bytes of `range`, or null.
  func paint(_ range: Range<Int>?, _ batch: RecordBatch, to output: inout [UInt8]) {
    guard let range else { return output.append(contentsOf: Self.null) }
    let bytes = batch.storage.span.extracting(range)
    switch format {
    case .json:
      guard JSONText.isValid(bytes) else { return Self.paintText(bytes, to: &output) }
      if onOneLine {
        output.withJSON { $0.rawLine(bytes) }
      } else {
        output.append(bytes)
      }
    case .text: Self.paintText(bytes, to: &output)
    case .binary: output.withJSON { $0.base64String(bytes) }
    }
  }

  /// Appends UTF-8 as a string, other bytes as `{"$base64":"…"}`.
  static func paintText(_ bytes: [UInt8]?, to output: inout [UInt8]) {
    guard let bytes else { return output.append(contentsOf: null) }
    paintText(bytes.span, to: &output)
  }

  /// Appends base64 in a string.
  static func paintBase64(_ bytes: [UInt8]?, to output: inout [UInt8]) {
    guard let bytes else { return output.append(contentsOf: null) }
    output.withJSON { $0.base64String(bytes.span) }
  }

  private static func paintText(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
    if JSONText.isUTF8(bytes) {
      output.withJSON { $0.string(utf8: bytes) }
    } else {
      output.withJSON { $0.base64(bytes) }
    }
  }
}
