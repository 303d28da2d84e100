internal import CCurl
internal import Platform

/// One request and what has come of its answer: what libcurl's callbacks work on.
// SAFETY: made, used and left on the thread of `HTTPClient.send`.
@safe final class Transfer {
  let request: HTTPRequest
  private(set) var response = HTTPResponse(status: 0)
  private let time: any TimeSource
  private let receive: (HTTPResponse, [UInt8]) -> Bool
  /// What is to be sent next, and how much of it was.
  private var piece: [UInt8] = []
  private var sent = 0
  private var isStopped = false
  private var hasHead = false
  private var lastSent: Instant

  init(
    _ request: HTTPRequest, _ time: any TimeSource,
    _ receive: @escaping (HTTPResponse, [UInt8]) -> Bool
  ) {
    self.request = request
    self.time = time
    self.receive = receive
    lastSent = time.now
    if case .bytes(let bytes) = request.body { piece = bytes }
  }

  /// Milliseconds until the head of the answer is overdue.
  func millisecondsLeft() throws(HTTPClientError) -> Int64 {
    guard !hasHead, let limit = request.answerTimeout else { return .max }
    let left = (lastSent + limit - time.now).milliseconds
    guard left > 0 else { throw .timedOut }
    return left
  }

  /// Throws unless `result` is what a whole answer ends with.
  func check(_ result: CURLcode) throws(HTTPClientError) {
    let reason = unsafe String(cString: curlew_curl_reason(result))
    switch result {
    case CURLE_OK: return
    case CURLE_WRITE_ERROR where isStopped: return
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: throw .badAddress(reason)
    case CURLE_COULDNT_RESOLVE_HOST:
      throw .unreachable("its host's name is not known")
    case CURLE_COULDNT_CONNECT: throw .unreachable("the connection is refused")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
      throw .insecure(reason)
    // Only connecting is timed by libcurl.
    case CURLE_OPERATION_TIMEDOUT: throw .unreachable("it does not answer")
    default: throw .interrupted(reason)
    }
  }

  // MARK: What the callbacks call

  /// Takes one line of an answer's head, its line end included.
  fileprivate func take(line: String) {
    if line.hasPrefix("HTTP/") {
      let status = line.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) }
      response = HTTPResponse(status: status ?? 0)
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      let end = value.lastIndex { !$0.isWhitespace }
      response.headers.append(
        (String(line[..<colon]), end.map { String(value[...$0]) } ?? ""))
    } else {
      // The empty line. An interim answer comes before the one that counts.
      hasHead = response.status >= 200
    }
  }

  /// Takes bytes of the body; whether more are wanted.
  fileprivate func take(bytes: [UInt8]) -> Bool {
    isStopped = !receive(response, bytes)
    return !isStopped
  }

  /// Fills `room` with what is to be sent; how many bytes there were, 0 at the end.
  fileprivate func give(_ room: UnsafeMutableRawBufferPointer) -> Int {
    lastSent = time.now
    while sent == piece.count {
      guard case .stream(let next) = request.body, let more = next() else { return 0 }
      piece = more
      sent = 0
    }
    let count = min(room.count, piece.count - sent)
    unsafe room.copyBytes(from: piece[sent..<(sent + count)])
    sent += count
    return count
  }
}

/// libcurl calls these with the transfer that it was given.
private func transfer(_ context: UnsafeMutableRawPointer) -> Transfer {
  unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
}

func takeHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  unsafe transfer(context).take(line: String(decoding: line, as: UTF8.self))
  return size * count
}

func takeBytes(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context, size * count > 0 else { return 0 }
  let piece = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: size * count))
  return unsafe transfer(context).take(bytes: piece) ? size * count : 0
}

func giveBytes(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let room = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
  return unsafe transfer(context).give(room)
}
