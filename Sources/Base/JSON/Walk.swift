/// RFC 8259's grammar over simdjson's index, token by token. Numbers are checked by their text
/// only, so that any size survives, and surrogate escapes need no partner.
// SAFETY: `positions` ascend, stay below `text.count`, and end with it, which is what stage 1
// writes; every read of `text` is below the position of the next token.
@safe struct Walk {
  let text: UnsafeBufferPointer<UInt8>
  private let positions: UnsafeBufferPointer<UInt32>
  /// How far the walk has come.
  var place: Place

  /// What a walk carries from one value to the next.
  struct Place {
    /// The token that comes next.
    var token = 0
    /// The first backslash behind what was walked, so that a string knows by one comparison that it
    /// has none; where it lies behind us, it is looked for again.
    var escape = -1
  }

  /// Walks `text` from `place` on; `positions` has the offset of every token and then the length of
  /// the text.
  init(
    _ text: UnsafeBufferPointer<UInt8>, _ positions: UnsafeBufferPointer<UInt32>,
    at place: Place = Place()
  ) {
    unsafe self.text = text
    unsafe self.positions = positions
    self.place = place
  }

  @inline(__always) var at: Int {
    get { place.token }
    set { place.token = newValue }
  }

  /// How many containers may be open at once, at most.
  static let deepest = 256

  @inline(__always) var count: Int { unsafe positions.count &- 1 }
  @inline(__always) func byte(_ offset: Int) -> UInt8 { unsafe text[offset] }
  @inline(__always) func position(_ token: Int) -> Int { unsafe Int(positions[token]) }

  /// The first byte of the next token; 0 behind the last.
  @inline(__always) var next: UInt8 { at < count ? byte(position(at)) : 0 }

  @inline(__always) func expected(_ reason: WalkFault.Reason) -> WalkFault {
    at < count
      ? WalkFault(reason: reason, offset: position(at))
      : WalkFault(reason: .end, offset: position(count))
  }

  /// One whole value, with at most `depth` containers open at once; returns its range. Where it
  /// throws, the place stays.
  mutating func value(depth limit: Int) throws(WalkFault) -> Range<Int> {
    // The copy stays in registers: nothing that is called out of line takes it.
    var walk = self
    let start = position(at)
    let end = try walk.valueEnd(limit)
    place = walk.place
    return start..<end
  }

  @inline(__always) private mutating func valueEnd(_ limit: Int) throws(WalkFault) -> Int {
    var open = OpenContainers()
    while true {
      var end = 0
      guard at < count else { throw expected(.value) }
      let first = take()
      switch byte(first) {
      case UInt8(ascii: "\""): end = try string(first)
      case UInt8(ascii: "{"):
        guard open.depth < limit else { throw WalkFault(reason: .tooDeep, offset: first) }
        if next == UInt8(ascii: "}") {
          end = take() &+ 1
        } else {
          open.push(object: true)
          _ = try name()
          continue
        }
      case UInt8(ascii: "["):
        guard open.depth < limit else { throw WalkFault(reason: .tooDeep, offset: first) }
        if next == UInt8(ascii: "]") {
          end = take() &+ 1
        } else {
          open.push(object: false)
          continue
        }
      default: end = try unsafe Self.bareScalar(text, first, position(at))
      }
      guard try close(&open, &end) else { return end }
    }
  }

  /// After a value: closes what ends here; false once nothing is open, true where another value is
  /// due.
  @inline(__always) private mutating func close(
    _ open: inout OpenContainers, _ end: inout Int
  ) throws(WalkFault) -> Bool {
    while open.depth > 0 {
      let mark = next
      if mark == UInt8(ascii: ",") {
        at &+= 1
        if open.object { _ = try name() }
        return true
      }
      guard mark == (open.object ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw expected(open.object ? .commaOrBrace : .commaOrBracket)
      }
      end = take() &+ 1
      open.pop()
    }
    return false
  }

  /// Moves behind the next token and returns where it stands.
  @inline(__always) mutating func take() -> Int {
    defer { at &+= 1 }
    return position(at)
  }

  /// A member's name and its colon; returns what stands between the quotes.
  @inline(__always) mutating func name() throws(WalkFault) -> Range<Int> {
    guard next == UInt8(ascii: "\"") else { throw expected(.name) }
    let quote = take()
    let end = try string(quote)
    guard next == UInt8(ascii: ":") else { throw expected(.colon) }
    at &+= 1
    return quote + 1..<end - 1
  }
}
