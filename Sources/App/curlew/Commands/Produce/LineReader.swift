internal import Platform

/// Takes lines from standard input, as many at once as are there, up to a bound: a batch is given
/// out as soon as nothing more is ready to be read, so that a line waits for no other.
struct LineReader {
  /// The most lines of a batch.
  static let mostLines = 10_000
  /// The bytes of lines at which a batch is full.
  static let fullBytes = 1 << 20
  /// The longest line.
  static let longestLine = 64 << 20
  private static let piece = 256 << 10
  /// How long a line waits for others at a source that never stands still.
  private static let longestWait = Duration.milliseconds(100)
  /// How long a source counts as still flowing.
  private static let pause = Duration.milliseconds(5)

  private let source: any ByteSource
  private let time: any TimeSource
  /// Whether a line without anything on it is an event.
  private let keepsBlank: Bool
  /// What was read and not given out. It begins with line number `line`.
  private var rest: [UInt8] = []
  private var line = 1
  /// No line ends before this place of `rest`.
  private var searched = 0
  private var isAtEnd = false

  init(_ source: any ByteSource, time: any TimeSource, keepsBlank: Bool) {
    self.source = source
    self.time = time
    self.keepsBlank = keepsBlank
  }

  /// The next lines; `nil` at the end. A batch can be without events, where its lines are blank.
  mutating func next() throws(AppError) -> EventBatch? {
    while true {
      if let batch = take() { return batch }
      guard !isAtEnd else { return nil }
      guard rest.count <= Self.longestLine else {
        throw .failure(
          "line \(line) of standard input is longer than \(Self.longestLine >> 20) MiB.")
      }
      try fill()
    }
  }

  /// Reads until a batch is full, or there is a whole line and nothing more to be had at once.
  private mutating func fill() throws(AppError) {
    var deadline: Instant?
    var hasLine = false
    repeat {
      let piece: [UInt8]
      do throws(SystemError) { piece = try source.read(atMost: Self.piece) } catch {
        throw .failure("standard input cannot be read: \(error).")
      }
      isAtEnd = piece.isEmpty
      rest += piece
      hasLine = hasLine || piece.contains(UInt8(ascii: "\n"))
      guard hasLine else { continue }
      let now = time.now
      if let deadline, now >= deadline { return }
      deadline = deadline ?? now + Self.longestWait
    } while !isAtEnd && rest.count < Self.fullBytes
      && (!hasLine || source.isReady(within: Self.pause))
  }

  private mutating func take() -> EventBatch? {
    var batch = EventBatch()
    var start = 0
    var from = searched
    while batch.events.count < Self.mostLines, start < Self.fullBytes {
      if let end = rest[from...].firstIndex(of: UInt8(ascii: "\n")) {
        add(start..<end, to: &batch)
        start = end + 1
      } else if isAtEnd, start < rest.count {
        add(start..<rest.count, to: &batch)
        start = rest.count
      } else {
        break
      }
      from = start
    }
    searched = start == 0 ? rest.count : 0
    guard start > 0 else { return nil }
    batch.bytes = Array(rest[..<start])
    rest.removeFirst(start)
    return batch
  }

  private mutating func add(_ range: Range<Int>, to batch: inout EventBatch) {
    defer { line += 1 }
    var range = range
    if let last = rest[range].last, last == UInt8(ascii: "\r") {
      range = range.lowerBound..<range.upperBound - 1
    }
    if !keepsBlank {
      let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      guard !rest[range].allSatisfy(isBlank) else { return }
    }
    batch.events.append(range)
    batch.lines.append(line)
  }
}
