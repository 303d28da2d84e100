internal import CCurl
internal import Platform

/// Tells libcurl what one transfer is. It must live until the handle is reset.
// SAFETY: the list belongs to this object and is freed once.
@safe final class TransferOptions {
  private let handle: UnsafeMutableRawPointer
  private var fields: UnsafeMutablePointer<curl_slist>?

  init(_ handle: UnsafeMutableRawPointer) { unsafe self.handle = handle }

  deinit { unsafe curlew_curl_free_list(fields) }

  /// Sets everything that `transfer` needs.
  func set(_ transfer: Transfer, userAgent: String) throws(HTTPClientError) {
    let request = transfer.request
    guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .badAddress("it has characters that must be escaped")
    }
    _ = unsafe curlew_curl_set_callbacks(
      handle, Unmanaged.passUnretained(transfer).toOpaque(), takeHeader, takeBytes, giveBytes)
    set(CURLOPT_URL, request.url)
    set(CURLOPT_USERAGENT, userAgent)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_PROXY, "")
    set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, request.connectTimeout.milliseconds)))
    setMethod(request)
    for (name, value) in request.headers { append(name, value) }
    _ = unsafe curlew_curl_set_list(handle, CURLOPT_HTTPHEADER, fields)
  }

  private func setMethod(_ request: HTTPRequest) {
    // An answer that says "go on" first would cost a round trip, or a second of waiting for it.
    append("Expect", nil)
    switch request.body {
    case .none:
      if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) }
    case .bytes(let bytes):
      set(CURLOPT_POST, 1)
      _ = unsafe curlew_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
    case .stream:
      set(CURLOPT_POST, 1)
      append("Transfer-Encoding", "chunked")
    }
    // libcurl would call every body a form.
    if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      append("Content-Type", nil)
    }
    if request.method != "HEAD" { set(CURLOPT_CUSTOMREQUEST, request.method) }
  }

  private func set(_ option: CURLoption, _ number: Int) {
    let isTaken = unsafe curlew_curl_set_number(handle, option, number)
    precondition(isTaken, "libcurl refuses option \(option.rawValue)")
  }

  private func set(_ option: CURLoption, _ text: String) {
    let isTaken = unsafe curlew_curl_set_text(handle, option, text)
    precondition(isTaken, "libcurl refuses option \(option.rawValue)")
  }

  /// Adds a header field; without a value, the one of that name that libcurl would write is left
  /// out.
  private func append(_ name: String, _ value: String?) {
    let text = value.map { $0.isEmpty ? "\(name);" : "\(name): \($0)" } ?? "\(name):"
    guard text.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x09 }) else { return }
    unsafe fields = unsafe curlew_curl_append(fields, text)
  }
}
