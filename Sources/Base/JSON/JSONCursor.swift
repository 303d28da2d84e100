/// A place in a scanned text, from which its values are taken one after another. A copy is a second
/// place of the same text: keep one to come back. It serves until its scanner scans again; using it
/// later is a broken invariant.
///
/// Every method that throws leaves the cursor somewhere behind the fault: do not go on with it.
public struct JSONCursor {
  /// What kind of value is next.
  public enum Kind: Sendable {
    case object, array, string, number, `true`, `false`, null
    /// Nothing is left.
    case end
    /// No value begins like this: whatever takes it will throw.
    case invalid
  }

  /// What the grammar wants at this place.
  enum Step { case value, firstInContainer, afterValue, line }

  let scanner: JSONScanner
  let text: [UInt8]
  let length: Int
  private let generation: Int
  private var place = Walk.Place()
  private var at: Int { place.token }
  private var depth = 0
  private var step = Step.value

  init(_ scanner: JSONScanner, _ text: [UInt8], _ length: Int) {
    self.scanner = scanner
    self.text = text
    self.length = length
    generation = scanner.generation
  }

  /// The kind of the value that is next, by its first byte; nothing is checked or taken.
  public var kind: Kind {
    let positions = unsafe currentPositions
    guard at < positions.count - 1 else { return .end }
    switch unsafe text[Int(positions[at])] {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"): return .true
    case UInt8(ascii: "f"): return .false
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    default: return .invalid
    }
  }

  /// Where the next token begins: the end of the text behind the last.
  public var offset: Int { unsafe Int(currentPositions[at]) }

  /// Where the last token begins before byte `offset`.
  func token(before offset: Int) -> Int {
    let positions = unsafe currentPositions
    return unsafe positions.last { $0 < offset }.map { Int($0) } ?? 0
  }

  private var currentPositions: UnsafeBufferPointer<UInt32> {
    precondition(scanner.generation == generation, "a JSON cursor outlived its scan")
    return unsafe scanner.positions
  }

  /// Runs `body` at this place of the text.
  @inline(__always) mutating func walk<Result>(
    _ body: (inout Walk) throws(WalkFault) -> Result
  ) throws(JSONFault) -> Result {
    do throws(WalkFault) {
      let (result, place) = try walked(body)
      self.place = place
      return result
    } catch {
      throw fault(error)
    }
  }

  // Changes nothing, so that the text and the scanner are borrowed and their counts left alone.
  @inline(__always) private func walked<Result>(
    _ body: (inout Walk) throws(WalkFault) -> Result
  ) throws(WalkFault) -> (Result, Walk.Place) {
    let positions = unsafe currentPositions
    return try unsafe text.withUnsafeBufferPointer { buffer throws(WalkFault) in
      var walk = unsafe Walk(UnsafeBufferPointer(rebasing: buffer[..<length]), positions, at: place)
      return (try body(&walk), walk.place)
    }
  }

  private func fault(_ fault: WalkFault) -> JSONFault {
    JSONFault(fault, in: text.span.extracting(..<length), depth: scanner.depthLimit)
  }

  /// A fault at byte `offset` of this text, for what the caller finds wrong with it.
  public func fault(_ kind: JSONFault.Kind, _ detail: String, at offset: Int) -> JSONFault {
    JSONFault(kind, detail, at: .init(offset, of: text.span.extracting(..<length)))
  }

  // MARK: One value

  /// Checks the next value whole, with all that is in it, moves behind it, and returns its range
  /// without the white space around it.
  public mutating func skipValue() throws(JSONFault) -> Range<Int> {
    try wantValue()
    let room = scanner.depthLimit - depth
    let range = try walk { walk throws(WalkFault) in try walk.value(depth: room) }
    step = .afterValue
    return range
  }

  /// Only white space may be left.
  public mutating func finish() throws(JSONFault) {
    if step == .value { _ = try skipValue() }
    guard depth == 0, kind == .end else { throw fault(WalkFault(reason: .more, offset: offset)) }
  }

  func wantValue() throws(JSONFault) {
    guard step == .value || step == .line else {
      throw fault(.unexpectedType, "no value is due here", at: offset)
    }
  }

  /// Takes the token of a scalar of `kind`; returns its range.
  mutating func scalar(_ wanted: Kind, _ name: String) throws(JSONFault) -> Range<Int> {
    guard kind == wanted else { throw unexpected(name) }
    return try skipValue()
  }

  func unexpected(_ name: String) -> JSONFault {
    kind == .end
      ? fault(WalkFault(reason: .end, offset: length))
      : fault(.unexpectedType, "expected \(name)", at: offset)
  }

  // MARK: Containers

  /// Goes into the object that is next.
  public mutating func enterObject() throws(JSONFault) { try enter(.object, "an object") }

  /// Goes into the array that is next.
  public mutating func enterArray() throws(JSONFault) { try enter(.array, "an array") }

  private mutating func enter(_ wanted: Kind, _ name: String) throws(JSONFault) {
    try wantValue()
    guard kind == wanted else { throw unexpected(name) }
    guard depth < scanner.depthLimit else {
      throw fault(WalkFault(reason: .tooDeep, offset: offset))
    }
    place.token += 1
    depth += 1
    step = .firstInContainer
  }

  /// Goes to the next member's value and returns where its name stands, without the quotes and with
  /// its escapes; `nil` leaves the object. A value that was not taken before is checked and
  /// skipped.
  public mutating func nextMember() throws(JSONFault) -> Range<Int>? {
    guard try nextItem(closing: UInt8(ascii: "}"), .commaOrBrace) else { return nil }
    return try walk { walk throws(WalkFault) in try walk.name() }
  }

  /// Goes to the next element; false leaves the array. An element that was not taken before is
  /// checked and skipped.
  public mutating func nextElement() throws(JSONFault) -> Bool {
    try nextItem(closing: UInt8(ascii: "]"), .commaOrBracket)
  }

  @inline(__always) private mutating func nextItem(
    closing: UInt8, _ reason: WalkFault.Reason
  ) throws(JSONFault) -> Bool {
    guard depth > 0 else { throw fault(.unexpectedType, "nothing was entered", at: offset) }
    if step == .value { _ = try skipValue() }
    let first = step == .firstInContainer
    let more = try walk { walk throws(WalkFault) in
      switch walk.next {
      case closing: walk.at += 1
      case _ where first: return true
      case UInt8(ascii: ","):
        walk.at += 1
        return true
      default: throw walk.expected(reason)
      }
      return false
    }
    if !more { depth -= 1 }
    step = more ? .value : .afterValue
    return more
  }

  // MARK: Lines

  /// For a text of one value a line (NDJSON): checks the next line's value, which must begin and
  /// end on it and have it for its own, and returns its range; `nil` at the end. Blank lines are
  /// passed over. A line ends with LF; a CR before it is white space. To take a line's value apart,
  /// keep a copy of the cursor from before it.
  public mutating func nextLine() throws(JSONFault) -> Range<Int>? {
    guard depth == 0 else { throw fault(.unexpectedType, "no line begins here", at: offset) }
    guard kind != .end else {
      step = .line
      return nil
    }
    let room = scanner.depthLimit
    let range = try walk { walk throws(WalkFault) in try walk.line(depth: room) }
    step = .line
    return range
  }
}

extension Walk {
  /// A value that has a line for its own.
  mutating func line(depth: Int) throws(WalkFault) -> Range<Int> {
    let lineEnd = find(UInt8(ascii: "\n"), from: position(at))
    let range: Range<Int>
    do throws(WalkFault) {
      range = try value(depth: depth)
    } catch {
      guard error.offset > lineEnd else { throw error }
      throw WalkFault(reason: .lineTooShort, offset: lineEnd)
    }
    guard range.upperBound <= lineEnd else {
      throw WalkFault(reason: .lineTooShort, offset: lineEnd)
    }
    guard position(at) >= lineEnd else { throw expected(.lineTooLong) }
    return range
  }
}
