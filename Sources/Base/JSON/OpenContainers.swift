/// Which of the open containers are objects: a bit each, the innermost 64 in a register, the rest
/// spilled by the word.
struct OpenContainers {
  private(set) var depth = 0
  private var inner: UInt64 = 0
  private var outer: (UInt64, UInt64, UInt64) = (0, 0, 0)

  /// Whether the innermost is an object.
  @inline(__always) var object: Bool { inner & 1 == 1 }

  /// At most `Walk.deepest` at once.
  @inline(__always) mutating func push(object: Bool) {
    if depth & 63 == 0, depth > 0 { spill() }
    inner = inner << 1 | (object ? 1 : 0)
    depth += 1
  }

  @inline(__always) mutating func pop() {
    depth -= 1
    inner >>= 1
    if depth & 63 == 0, depth > 0 { restore() }
  }

  private mutating func spill() {
    switch depth >> 6 {
    case 1: outer.0 = inner
    case 2: outer.1 = inner
    default: outer.2 = inner
    }
  }

  private mutating func restore() {
    switch depth >> 6 {
    case 1: inner = outer.0
    case 2: inner = outer.1
    default: inner = outer.2
    }
  }
}
