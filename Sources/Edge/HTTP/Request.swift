internal import CMicrohttpd
public import Platform

/// A request, as a handler sees it. Lives on its loop's thread, as long as its handler (and the
/// stream that it answers with) runs; headers and query are looked up when they are asked for.
// SAFETY: made, used and ended on the loop's thread; a handler never leaves it.
@safe public final class Request: @unchecked Sendable {
  /// What it asks for.
  public let method: Method
  /// The loop that serves it.
  public let loop: EventLoop
  /// When its first line had come.
  public let receivedAt: Instant

  /// The target as it came.
  let target: Target
  /// The target that routes and query are looked up in: after a rewrite.
  var effective: Target
  /// The path parameters of its route, as ranges of the effective target.
  var captures = Captures()
  var parameterNames: [String] = []
  /// What it came in; `nil` in tests, and when the connection is over.
  var connection: OpaquePointer?
  /// Headers that outlive the connection.
  var kept: [(name: String, value: String)] = []
  var contents: [UInt8] = []
  var chunks: ChunkReader?
  /// False where the headers were looked through and no id was among them.
  var mayHaveID = true
  private var name: String?
  private var drawn: UInt64 = 0

  init(_ method: Method, _ target: Target, loop: EventLoop, receivedAt: Instant) {
    self.method = method
    self.target = target
    effective = target
    self.loop = loop
    self.receivedAt = receivedAt
  }

  /// A request that came through no socket, for tests that go through the router.
  package init(
    testing method: Method, _ target: String, headers: [(String, String)] = [],
    body: [UInt8] = [], loop: EventLoop
  ) {
    guard let parsed = Target(Array(target.utf8)) else {
      preconditionFailure("a test's target is a path: \(target)")
    }
    self.method = method
    self.target = parsed
    effective = parsed
    self.loop = loop
    receivedAt = loop.time.now
    kept = headers.map { (name: $0.0, value: $0.1) }
    contents = body
    contents.reserveCapacity(body.count + 64)
    chunks = ChunkReader(whole: body)
  }

  /// The path, raw: percent escapes as they came.
  public var path: String { target.path }

  /// The query without its question mark, raw.
  public var rawQuery: String { String(decoding: target.bytes[target.query], as: UTF8.self) }

  /// Whether there is anything behind a question mark.
  public var hasQuery: Bool { !effective.query.isEmpty }

  /// Names this request in logs and answers: the client's `X-Request-Id` where it is sane (1 to 128
  /// visible ASCII characters), else made here.
  public var id: String {
    if let name { return name }
    let made = givenID ?? RequestID.text(of: number)
    name = made
    return made
  }

  /// Lends its name as C has it. One that was made here costs no memory.
  func withID<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    guard name == nil, !mayHaveID else { return unsafe id.withCString(body) }
    return unsafe RequestID.withDigits(of: number, body)
  }

  private var number: UInt64 {
    if drawn == 0 { drawn = loop.nextIdentifier() }
    return drawn
  }

  private var givenID: String? {
    guard mayHaveID, let given = header("X-Request-Id"), 1...128 ~= given.utf8.count,
      given.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return nil }
    return given
  }

  /// The decoded value of the path's parameter. Never empty where the route has it.
  public func parameter(_ name: String) -> String {
    guard let i = parameterNames.firstIndex(of: name) else { return "" }
    return PercentCoding.decode(effective.bytes, captures[i], plusIsSpace: false)
  }

  /// The body, whole and decoded, where the route takes it whole. Unless it is empty, its storage
  /// has room for at least 64 bytes more, which vector instructions may read.
  public var body: [UInt8] { contents }

  /// Moves the body out, without a copy.
  public func takeBody() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &contents)
    return taken
  }

  /// The next piece of the body, decoded, where the route takes it in chunks; `nil` after the last.
  /// Until it is asked for again, the sender is held back.
  public func nextChunk() async throws(BodyFault) -> [UInt8]? {
    guard let chunks else { return nil }
    return try await chunks.next()
  }
}

/// Up to 8 ranges, without an allocation.
struct Captures {
  private var ranges: InlineArray<8, UInt64> = InlineArray(repeating: 0)
  private(set) var count = 0
  /// How many a path can have.
  static let limit = 8

  subscript(_ i: Int) -> Range<Int> {
    Int(ranges[i] >> 32)..<Int(ranges[i] & 0xFFFF_FFFF)
  }

  mutating func append(_ range: Range<Int>) {
    ranges[count] = UInt64(range.lowerBound) << 32 | UInt64(range.upperBound)
    count += 1
  }

  mutating func cut(to count: Int) { self.count = count }
}

/// Names for requests that came without: unique in this process, and unlikely to be met in another.
enum RequestID {
  /// 16 hexadecimal digits.
  static func text(of number: UInt64) -> String {
    unsafe withDigits(of: number) { unsafe String(cString: $0) }
  }

  /// Lends the digits, and a zero behind them.
  static func withDigits<Result>(
    of number: UInt64, _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    var rest = number
    var digits = InlineArray<17, CChar>(repeating: 0)
    for i in 0..<16 {
      let digit = CChar(rest >> 60)
      digits[i] = digit < 10 ? 48 + digit : 87 + digit
      rest <<= 4
    }
    return unsafe digits.span.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("17 digits") }
      return unsafe body(start)
    }
  }
}
