/// A path into a JSON value, RFC 6901: `/order/id`.
public struct JSONPointer: Equatable, Sendable {
  /// As it was given.
  public let text: String
  private let steps: [[UInt8]]

  /// The pointer that `text` writes; `nil` where it writes none.
  public init?(_ text: String) {
    guard text.isEmpty || text.hasPrefix("/") else { return nil }
    var steps: [[UInt8]] = []
    for step in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      guard let decoded = Self.decoded(step) else { return nil }
      steps.append(decoded)
    }
    self.text = text
    self.steps = steps
  }

  private static func decoded(_ step: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var source = step.utf8.makeIterator()
    while let byte = source.next() {
      guard byte == UInt8(ascii: "~") else {
        bytes.append(byte)
        continue
      }
      switch source.next() {
      case UInt8(ascii: "0")?: bytes.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1")?: bytes.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return bytes
  }

  /// The key that stands at the pointer in the value at `cursor`: what a string stands for, else
  /// the value's text; `nil` where nothing, or null, stands there. The cursor is left where the
  /// search ended.
  public func key(in cursor: inout JSONCursor) throws(JSONFault) -> [UInt8]? {
    for step in steps {
      let isThere =
        switch cursor.kind {
        case .object: try enter(object: &cursor, step)
        case .array: try enter(array: &cursor, step)
        default: false
        }
      guard isThere else { return nil }
    }
    if try cursor.takeNull() { return nil }
    if cursor.kind == .string { return try cursor.stringBytes() }
    return Array(cursor.text[try cursor.skipValue()])
  }

  private func enter(object cursor: inout JSONCursor, _ step: [UInt8]) throws(JSONFault) -> Bool {
    try cursor.enterObject()
    while let name = try cursor.nextMember() {
      if cursor.unescaped(name) == step { return true }
    }
    return false
  }

  private func enter(array cursor: inout JSONCursor, _ step: [UInt8]) throws(JSONFault) -> Bool {
    guard let index = Int(String(decoding: step, as: UTF8.self)), index >= 0,
      step.first != UInt8(ascii: "0") || step.count == 1
    else { return false }
    try cursor.enterArray()
    for _ in 0...index {
      guard try cursor.nextElement() else { return false }
    }
    return true
  }
}
