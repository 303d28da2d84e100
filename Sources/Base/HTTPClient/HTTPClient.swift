internal import CCurl
public import Platform
internal import Synchronization

/// A client for HTTP and HTTPS over libcurl, which keeps its connection from one request to the
/// next. One request at a time; `cancel` from any thread.
///
/// It goes straight to the server that the address names: proxies of the environment are not asked,
/// redirects are answers like others, and nothing is read from a user's files. HTTP/1.1 is spoken;
/// a certificate is checked against those that the system trusts.
// SAFETY: the handles belong to this object and are freed once. `multi` alone is used from other
// threads, by the one call that libcurl allows there.
@safe public final class HTTPClient: @unchecked Sendable {
  private let multi: UnsafeMutableRawPointer
  private let handle: UnsafeMutableRawPointer
  private let userAgent: String
  private let time: any TimeSource
  private let isCancelled = Atomic(false)

  /// Loads libcurl, where that has not happened, and makes a client that calls itself `userAgent`.
  public init(
    userAgent: String, time: any TimeSource = SystemTime()
  ) throws(HTTPClientError) {
    if let reason = unsafe curlew_curl_load() {
      let text = unsafe String(cString: reason)
      throw .unavailable("\(text); on Debian: apt-get install libcurl4")
    }
    guard let multi = unsafe curlew_curl_multi_create(), let handle = unsafe curlew_curl_create()
    else { preconditionFailure("no memory for an HTTP client") }
    unsafe self.multi = multi
    unsafe self.handle = handle
    self.userAgent = userAgent
    self.time = time
  }

  deinit {
    unsafe curlew_curl_destroy(handle)
    unsafe curlew_curl_multi_destroy(multi)
  }

  /// Ends the request that is under way, and refuses those that follow. From any thread, also from
  /// more than one.
  public func cancel() {
    isCancelled.store(true, ordering: .releasing)
    unsafe curlew_curl_multi_wake(multi)
  }

  /// Sends `request` and returns the answer with its body, of at most `limit` bytes.
  public func send(
    _ request: HTTPRequest, limit: Int = 64 << 20
  ) throws(HTTPClientError) -> HTTPResponse {
    var body: [UInt8] = []
    var isTooLarge = false
    var response = try send(request) { _, bytes in
      isTooLarge = body.count + bytes.count > limit
      if !isTooLarge { body += bytes }
      return !isTooLarge
    }
    guard !isTooLarge else { throw .tooLarge(limit: limit) }
    response.body = body
    return response
  }

  /// Sends `request` and gives the pieces of the answer's body to `receive`, with the head of the
  /// answer, as they come. Where `receive` returns false the rest is not wanted: the connection is
  /// closed and the head returned. An answer without a body calls nothing.
  public func send(
    _ request: HTTPRequest, receive: (HTTPResponse, [UInt8]) -> Bool
  ) throws(HTTPClientError) -> HTTPResponse {
    // The closure is called before `run` returns, and not kept.
    try withoutActuallyEscaping(receive) { receive throws(HTTPClientError) in
      try run(Transfer(request, time, receive))
    }
  }

  private func run(_ transfer: Transfer) throws(HTTPClientError) -> HTTPResponse {
    let options = unsafe TransferOptions(handle)
    defer { withExtendedLifetime((transfer, options)) { unsafe curlew_curl_reset(handle) } }
    try options.set(transfer, userAgent: userAgent)
    guard unsafe curlew_curl_multi_add(multi, handle) else {
      preconditionFailure("a second request on one client")
    }
    defer { unsafe curlew_curl_multi_remove(multi, handle) }
    let result = try wait(for: transfer)
    try transfer.check(result)
    return transfer.response
  }

  /// Lets libcurl work until the transfer is over; how it ended.
  private func wait(for transfer: Transfer) throws(HTTPClientError) -> CURLcode {
    while true {
      guard !isCancelled.load(ordering: .acquiring) else { throw .cancelled }
      var result = CURLE_OK
      guard unsafe curlew_curl_multi_step(multi) else { throw .interrupted("libcurl gave up") }
      if unsafe curlew_curl_multi_next(multi, &result) { return result }
      let left = try transfer.millisecondsLeft()
      guard unsafe curlew_curl_multi_wait(multi, Int32(clamping: min(left, 60_000))) else {
        throw .interrupted("libcurl gave up")
      }
    }
  }
}
