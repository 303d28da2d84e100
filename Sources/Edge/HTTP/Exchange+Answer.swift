internal import CMicrohttpd
internal import Compression
internal import Glibc

extension Exchange {
  /// Queues the response and lets the connection go on. Nothing where the client has gone, or has
  /// an answer.
  func answer(_ response: Response) {
    guard !hasAnswered, let connection = unsafe connection else { return }
    hasAnswered = true
    status = response.status
    var response = response
    if loop.isStopping || link.isOverLimit { response.headers.append(("Connection", "close")) }
    let made = unsafe make(&response)
    guard let made = unsafe made else { return fail() }
    unsafe addHeaders(response, to: made)
    let queued = unsafe MHD_queue_response(connection, UInt32(clamping: response.status), made)
    unsafe MHD_destroy_response(made)
    if queued == .YES { resume() } else { fail() }
  }

  /// libmicrohttpd took no answer (no memory, or a status that is none): the connection cannot go
  /// on.
  private func fail() {
    writer?.close(.clientLeft)
    link.cut()
    resume()
  }

  /// libmicrohttpd's response for a body; compressed where the client and the bytes allow it.
  private func make(_ response: inout Response) -> OpaquePointer? {
    switch response.body {
    case .none: return unsafe curlew_mhd_empty_response()
    case .bytes(let bytes):
      var bytes = bytes
      if bytes.count >= Negotiation.smallest, let coding = coding(&response) {
        bytes = coding.compress(bytes.span)
      }
      bytesOut = request?.method == .head ? 0 : bytes.count
      return unsafe Self.response(over: bytes)
    case .stream:
      let coding = coding(&response)
      let isHead = request?.method == .head
      if !isHead {
        let writer = BodyWriter(coding)
        writer.wake = { [weak self] in self?.resume() }
        self.writer = writer
      }
      // libmicrohttpd frees the hold when it is through with the response, in `onStreamFreed`. The
      // block is its buffer for clients of HTTP/1.0 only; the chunks of others are made in the
      // connection's own memory.
      let hold = unsafe Unmanaged.passRetained(self).toOpaque()
      let made = unsafe MHD_create_response_from_callback(
        UInt64.max, 8 << 10, onStreamRead, hold, onStreamFreed)
      if unsafe made == nil {
        unsafe onStreamFreed(hold)
      } else if isHead {
        unsafe curlew_mhd_no_framing(made)
      }
      return unsafe made
    }
  }

  /// The coding for a body of this response, if any; its headers say so then.
  private func coding(_ response: inout Response) -> ContentCoding? {
    guard Negotiation.isCompressible(response.header("Content-Type")),
      response.header("Content-Encoding") == nil
    else { return nil }
    response.headers.append(("Vary", "Accept-Encoding"))
    guard let coding = scanned?.accepts, request?.method != .head else { return nil }
    response.headers.append(("Content-Encoding", coding.rawValue))
    return coding
  }

  /// A response that reads `bytes` where they lie. The array is held, unchanged, until
  /// libmicrohttpd lets go of it.
  private static func response(over bytes: [UInt8]) -> OpaquePointer? {
    guard !bytes.isEmpty else { return unsafe curlew_mhd_empty_response() }
    let owner = Held(bytes)
    let hold = unsafe Unmanaged.passRetained(owner)
    let made = unsafe owner.bytes.withUnsafeBufferPointer { buffer in
      unsafe curlew_mhd_response(buffer.baseAddress, buffer.count, onBytesFreed, hold.toOpaque())
    }
    if unsafe made == nil { unsafe hold.release() }
    return unsafe made
  }

  private func addHeaders(_ response: Response, to made: OpaquePointer) {
    for (name, value) in response.headers where unsafe !Self.add(name, value, to: made) {
      // Line ends in a value would begin a header of somebody else's making.
      let clean = String(decoding: value.utf8.map { $0 < 32 ? 32 : $0 }, as: UTF8.self)
      _ = unsafe Self.add(name, clean.trimmed, to: made)
    }
    unsafe request?.withID { id in
      _ = unsafe MHD_add_response_header(made, "X-Request-Id", id)
    }
    guard let origin = scanned?.origin else { return }
    _ = unsafe Self.add("Access-Control-Allow-Origin", origin, to: made)
    _ = unsafe Self.add("Access-Control-Expose-Headers", "*", to: made)
    _ = unsafe Self.add("Vary", "Origin", to: made)
  }

  /// Adds one header; false when it is none that HTTP could carry.
  private static func add(_ name: String, _ value: String, to made: OpaquePointer) -> Bool {
    // `withCString` lends the string's own bytes, where passing the string itself would copy them
    // to the heap.
    unsafe name.withCString { name in
      unsafe value.withCString { unsafe MHD_add_response_header(made, name, $0) == .YES }
    }
  }

  /// Fills libmicrohttpd's buffer from the stream.
  fileprivate func read(_ target: UnsafeMutableRawPointer, _ room: Int) -> Int {
    guard let writer else { return -2 }
    loop.traffic.progress &+= 1
    var count = unsafe writer.take(target, room)
    if count > 0 { return count }
    // The writer that got room may have more at once: that saves a suspension.
    loop.runLocal()
    count = unsafe writer.take(target, room)
    if count > 0 { return count }
    switch writer.supply {
    case .end: return -1
    case .broken: return -2
    case .later:
      suspend()
      return 0
    }
  }
}

/// Keeps an array while C reads it.
private final class Held {
  let bytes: [UInt8]
  init(_ bytes: [UInt8]) { self.bytes = bytes }
}

private func onBytesFreed(_ owner: UnsafeMutableRawPointer?) {
  if let owner = unsafe owner { unsafe Unmanaged<Held>.fromOpaque(owner).release() }
}

private func onStreamRead(
  context: UnsafeMutableRawPointer?, position: UInt64, target: UnsafeMutablePointer<CChar>?,
  room: Int
) -> Int {
  guard let context = unsafe context, let target = unsafe target else { return -2 }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
  return unsafe exchange.read(UnsafeMutableRawPointer(target), room)
}

private func onStreamFreed(_ context: UnsafeMutableRawPointer?) {
  if let context = unsafe context { unsafe Unmanaged<Exchange>.fromOpaque(context).release() }
}
