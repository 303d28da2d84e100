internal import Bytes
internal import JSON

/// Takes records as they come from a server, a JSON object a line, and makes of them what is shown.
struct RecordLines {
  private let format: ConsumeQuestion.Format
  private let scanner = JSONScanner()
  /// The begin of a line whose end has not come.
  private var rest: [UInt8] = []
  /// How many more records are wanted.
  private(set) var wanted: Int64
  /// How many were shown.
  private(set) var count: Int64 = 0

  init(_ format: ConsumeQuestion.Format, limit: Int64?) {
    self.format = format
    wanted = limit ?? .max
  }

  /// What is to be shown for the records that end in `bytes`.
  mutating func take(_ bytes: [UInt8]) throws(AppError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + rest.count)
    var start = 0
    while wanted > 0, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest + bytes[start..<end]
      rest = []
      try show(line, to: &output)
      output.append(UInt8(ascii: "\n"))
      start = end + 1
      wanted -= 1
      count += 1
    }
    rest += bytes[start...]
    return output
  }

  private func show(_ line: [UInt8], to output: inout [UInt8]) throws(AppError) {
    guard format != .json else {
      output += line
      return
    }
    do throws(JSONFault) {
      let shown = try record(line)
      if format == .keyAndValue {
        output += shown.key ?? Self.null
        output.append(UInt8(ascii: "\t"))
      }
      output += shown.value ?? Self.null
    } catch {
      throw .failure("the server's answer cannot be understood: \(error.message).")
    }
  }

  /// What a record has.
  private struct Shown {
    var key: [UInt8]?
    var value: [UInt8]?
  }

  private static let null = Array("null".utf8)

  private func record(_ line: [UInt8]) throws(JSONFault) -> Shown {
    var shown = Shown()
    var cursor = try scanner.scan(line)
    try cursor.enterObject()
    while let name = try cursor.nextMember() {
      if cursor.string(name, is: "key") {
        shown.key = try bytes(&cursor, line)
      } else if cursor.string(name, is: "value") {
        shown.value = try bytes(&cursor, line)
      }
    }
    return shown
  }

  /// The bytes that stand as a string where they are text, else as `{"$base64":"…"}`.
  private func bytes(_ cursor: inout JSONCursor, _ line: [UInt8]) throws(JSONFault) -> [UInt8]? {
    if cursor.kind == .string { return try cursor.stringBytes() }
    if try cursor.takeNull() { return nil }
    guard cursor.kind == .object else { return Array(line[try cursor.skipValue()]) }
    try cursor.enterObject()
    var decoded: [UInt8]?
    while let name = try cursor.nextMember() {
      guard cursor.string(name, is: "$base64") else { continue }
      let text = try cursor.stringBytes()
      decoded = Base64.decode(text.span)
    }
    guard let decoded else { throw cursor.fault(.unexpectedType, "expected base64", at: 0) }
    return decoded
  }
}
