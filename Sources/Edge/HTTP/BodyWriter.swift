internal import Compression

/// Why a stream takes no more.
public struct StreamClosed: Error, Equatable, Sendable {
  /// The reasons.
  public enum Reason: String, Sendable {
    /// The client went away.
    case clientLeft
    /// The server stops.
    case stopping
    /// The client has read nothing for the server's idle timeout.
    case timeout
    /// The stream was finished or given up by its own writer.
    case finished
  }

  /// The reason.
  public let reason: Reason

  /// A stream closed for `reason`.
  public init(_ reason: Reason) { self.reason = reason }
}

/// The body of an answer while it is made. At most 64 KiB wait in it for the client; whoever writes
/// more waits for room. One writer at a time, on the request's loop.
// SAFETY: used on the loop's thread only, as the handler that writes.
@safe public final class BodyWriter: @unchecked Sendable {
  /// Bytes that may wait. With libmicrohttpd's 16 KiB, the kernel's 128 KiB of unsent bytes and its
  /// own structures, a client that never reads costs no more than 256 KiB.
  static let capacity = 64 << 10

  // The reader takes from `front`; what is written meanwhile collects in `back`.
  private var front: [UInt8] = []
  private var taken = 0
  private var back: [UInt8] = []
  private let encoder: Compressor?
  private var writer: UnsafeContinuation<Void, Never>?
  private var needed = 0
  private var isStopping = false
  private var hasFinished = false
  private(set) var total = 0
  /// Why it is closed.
  public private(set) var closed: StreamClosed?
  /// Called when the connection should look for bytes again.
  var wake: () -> Void = {}

  init(_ coding: ContentCoding?) { encoder = coding.map { Compressor($0) } }

  /// A writer without a client, for tests: `drain` takes what was written.
  package convenience init(testing: Void) { self.init(nil) }

  deinit { unsafe writer?.resume() }

  /// Whether writing makes no more sense: the client left, or the server stops. In the latter case
  /// a farewell that fits is still sent.
  public var isClosed: Bool { closed != nil || isStopping }

  /// Bytes that wait for the client.
  public var queued: Int { front.count - taken + back.count }

  /// Appends `bytes` to the stream, when there is room for them; larger ones than the room get it
  /// when nothing else waits.
  public func write(_ bytes: [UInt8]) async throws(StreamClosed) {
    while !hasRoom(bytes.count) {
      if let closed { throw closed }
      if isStopping { throw StreamClosed(.stopping) }
      precondition(unsafe writer == nil, "one writer at a time writes a stream")
      needed = bytes.count
      unsafe await withUnsafeContinuation { unsafe writer = $0 }
    }
    if let closed { throw closed }
    if bytes.isEmpty { return }
    append(bytes)
    wake()
  }

  /// Ends the stream: the client sees that it is whole. What is queued is still sent.
  public func finish() {
    guard closed == nil, !hasFinished else { return }
    hasFinished = true
    if let encoder { encoder.append([UInt8]().span, .finish, to: &back) }
    closed = StreamClosed(.finished)
    wake()
  }

  /// Gives the stream up: the connection is cut, so that the client does not take the part for the
  /// whole.
  public func abort() { close(.finished) }

  /// Ends it for `reason`; a writer that waits hears it.
  func close(_ reason: StreamClosed.Reason) {
    guard closed == nil else { return }
    closed = StreamClosed(reason)
    resumeWriter()
    wake()
  }

  /// The server stops: nobody waits for room from here on.
  func stop() {
    isStopping = true
    resumeWriter()
  }

  /// What `take` says when there are no bytes.
  enum Supply { case later, end, broken }

  /// Moves at most `room` bytes to `target`.
  func take(_ target: UnsafeMutableRawPointer, _ room: Int) -> Int {
    if taken == front.count {
      // A small buffer is used again; a large one may be the writer's own array.
      if front.capacity < 16 << 10 { front.removeAll(keepingCapacity: true) } else { front = [] }
      taken = 0
      swap(&front, &back)
    }
    let count = min(room, front.count - taken)
    if count > 0 {
      unsafe front.withUnsafeBytes { source in
        let piece = unsafe UnsafeRawBufferPointer(rebasing: source[taken..<taken + count])
        unsafe UnsafeMutableRawBufferPointer(start: target, count: count).copyMemory(from: piece)
      }
      taken += count
      total += count
    }
    if hasRoom(needed) { resumeWriter() }
    return count
  }

  /// What there is when there are no bytes.
  var supply: Supply { hasFinished ? .end : closed == nil ? .later : .broken }

  /// All that was written, for tests.
  package func drain() -> [UInt8] {
    let bytes = front[taken...] + back
    front = []
    taken = 0
    back = []
    resumeWriter()
    return Array(bytes)
  }

  private func hasRoom(_ count: Int) -> Bool { queued == 0 || queued + count <= Self.capacity }

  private func append(_ bytes: [UInt8]) {
    if let encoder {
      encoder.append(bytes.span, .flush, to: &back)
    } else if back.isEmpty, bytes.count >= 16 << 10 {
      back = bytes
    } else {
      back.append(contentsOf: bytes)
    }
  }

  private func resumeWriter() {
    guard let writer = unsafe self.writer else { return }
    unsafe self.writer = nil
    unsafe writer.resume()
  }
}
