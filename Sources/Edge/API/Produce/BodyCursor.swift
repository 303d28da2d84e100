internal import JSON

/// A place in a body, whose faults are refusals.
struct BodyCursor {
  /// The place itself.
  private(set) var json: JSONCursor
  /// The body.
  let bytes: [UInt8]

  init(_ json: JSONCursor, _ bytes: [UInt8]) {
    self.json = json
    self.bytes = bytes
  }

  /// What is next.
  var kind: JSONCursor.Kind { json.kind }

  mutating func enterObject() throws(Refusal) {
    try take { cursor throws(JSONFault) in try cursor.enterObject() }
  }

  mutating func enterArray() throws(Refusal) {
    try take { cursor throws(JSONFault) in try cursor.enterArray() }
  }

  /// The next member's name, without quotes.
  mutating func nextMember() throws(Refusal) -> Range<Int>? {
    try take { cursor throws(JSONFault) in try cursor.nextMember() }
  }

  mutating func nextElement() throws(Refusal) -> Bool {
    try take { cursor throws(JSONFault) in try cursor.nextElement() }
  }

  mutating func nextLine() throws(Refusal) -> Range<Int>? {
    try take { cursor throws(JSONFault) in try cursor.nextLine() }
  }

  mutating func skipValue() throws(Refusal) -> Range<Int> {
    try take { cursor throws(JSONFault) in try cursor.skipValue() }
  }

  mutating func takeNull() throws(Refusal) -> Bool {
    try take { cursor throws(JSONFault) in try cursor.takeNull() }
  }

  mutating func integer() throws(Refusal) -> Int64 {
    try take { cursor throws(JSONFault) in try cursor.integer() }
  }

  mutating func string() throws(Refusal) -> String {
    try take { cursor throws(JSONFault) in try cursor.string() }
  }

  mutating func stringRange() throws(Refusal) -> Range<Int> {
    try take { cursor throws(JSONFault) in try cursor.stringRange() }
  }

  /// The key at `pointer` in the value that is next; `nil` where there is none.
  mutating func key(at pointer: JSONPointer) throws(Refusal) -> [UInt8]? {
    try take { cursor throws(JSONFault) in try pointer.key(in: &cursor) }
  }

  mutating func finish() throws(Refusal) {
    try take { cursor throws(JSONFault) in try cursor.finish() }
  }

  /// Whether the name in `range` stands for `word`.
  func isNamed(_ range: Range<Int>, _ word: StaticString) -> Bool { json.string(range, is: word) }

  /// What the string in `range` stands for.
  func unescaped(_ range: Range<Int>) -> [UInt8] { json.unescaped(range) }

  /// Notes that the field named in `range`, the one of bit `bit`, was seen; twice is a fault.
  func once(_ range: Range<Int>, _ bit: UInt8, _ seen: inout UInt8) throws(Refusal) {
    guard seen & bit == 0 else {
      let name = String(decoding: bytes[range], as: UTF8.self)
      throw .body(
        .json(json.fault(.duplicateName, "duplicate field '\(name)'", at: range.lowerBound)))
    }
    seen |= bit
  }

  /// A field of this name belongs nowhere here.
  func unrecognized(_ range: Range<Int>) -> Refusal {
    .body(.unrecognizedField(String(decoding: unescaped(range).prefix(200), as: UTF8.self)))
  }

  @inline(__always) private mutating func take<Result>(
    _ body: (inout JSONCursor) throws(JSONFault) -> Result
  ) throws(Refusal) -> Result {
    do throws(JSONFault) { return try body(&json) } catch { throw .body(.json(error)) }
  }
}
