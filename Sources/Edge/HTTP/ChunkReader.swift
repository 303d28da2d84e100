internal import Compression

/// A body between libmicrohttpd, which brings it, and a handler that takes it piece by piece. On
/// the loop's thread only. At most `capacity` bytes and one read wait here; then the connection is
/// suspended until they are taken.
@safe final class ChunkReader {
  static let capacity = 64 << 10
  /// Compressed bytes are decoded in steps this small, since a few of them may stand for megabytes.
  private static let step = 512

  private var waiting: [UInt8] = []
  private var position = 0
  private var hasEnded = false
  private var fault: BodyFault?
  private var reader: UnsafeContinuation<Void, Never>?
  private let decoder: Decompressor?
  private let limit: Int
  /// Called when there is room again.
  var hasRoom: () -> Void = {}

  /// A body that arrives; its pieces, decoded, have at most `limit` bytes.
  init(_ coding: ContentCoding?, limit: Int) {
    decoder = coding.map { Decompressor($0) }
    self.limit = limit
  }

  /// A body that is there.
  init(whole body: [UInt8]) {
    waiting = body
    hasEnded = true
    decoder = nil
    limit = .max
  }

  deinit { unsafe reader?.resume() }

  var isFull: Bool { waiting.count >= Self.capacity }

  func append(_ bytes: UnsafeRawBufferPointer) {
    unsafe waiting.append(contentsOf: bytes)
    wake()
  }

  func end() {
    hasEnded = true
    wake()
  }

  func fail(_ reason: BodyFault) {
    if fault == nil, !hasEnded { fault = reason }
    wake()
  }

  func next() async throws(BodyFault) -> [UInt8]? {
    while true {
      if let fault { throw fault }
      if position < waiting.count {
        let piece = try take()
        if !piece.isEmpty { return piece }
        continue
      }
      if hasEnded {
        guard decoder?.isComplete ?? true else { throw .malformed }
        return nil
      }
      precondition(unsafe reader == nil, "one reader at a time takes a body's chunks")
      unsafe await withUnsafeContinuation { unsafe reader = $0 }
    }
  }

  private func take() throws(BodyFault) -> [UInt8] {
    guard let decoder else {
      var piece: [UInt8] = []
      swap(&piece, &waiting)
      hasRoom()
      return piece
    }
    let end = min(position + Self.step, waiting.count)
    var piece: [UInt8] = []
    do {
      try decoder.append(waiting.span.extracting(position..<end), to: &piece, atMost: limit)
    } catch {
      fault = error == .tooLarge(limit: limit) ? .tooLarge : .malformed
      throw fault ?? .malformed
    }
    position = end
    if position == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      position = 0
      hasRoom()
    }
    return piece
  }

  private func wake() {
    guard let reader = unsafe self.reader else { return }
    unsafe self.reader = nil
    unsafe reader.resume()
  }
}
