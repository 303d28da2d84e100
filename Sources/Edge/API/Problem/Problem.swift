internal import JSON

/// A refusal in the words of one family, ready to be written.
struct Problem: Equatable, Sendable {
  /// The HTTP status.
  var status: Int
  /// The family's number for it: the status, or the status times 100 and a number.
  var errorCode: Int
  /// What the native family calls it, for programs; stable.
  var code: String
  /// What is wrong and, where one sentence can say it, what to do.
  var message: String
  /// What to do about it, where there is something.
  var hint: String?
  /// After how many seconds it may be worth trying again.
  var retryAfterSeconds: Int?
  /// The offsets that exist, where another was asked for.
  var range: Range<Int64>?

  init(_ status: Int, _ code: String, _ message: String, hint: String? = nil) {
    self.init(status, nil, code, message, hint: hint)
  }

  init(
    _ status: Int, _ errorCode: Int?, _ code: String, _ message: String, hint: String? = nil
  ) {
    self.status = status
    self.errorCode = errorCode ?? status
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The body in the form of `family`.
  func body(_ family: Family, requestID: @autoclosure () -> String) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.name("error_code")
    json.integer(errorCode)
    json.name("message")
    json.string(message)
    if family == .native { details(&json, requestID()) }
    json.endObject()
    return json.bytes
  }

  /// The body as RFC 9457 wants it.
  func standardBody(requestID: String) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.name("type")
    json.string("urn:curlew:problem:\(code)")
    json.name("title")
    json.string(code.split(separator: "_").joined(separator: " "))
    json.name("status")
    json.integer(status)
    json.name("detail")
    json.string(message)
    json.name("error_code")
    json.integer(errorCode)
    details(&json, requestID)
    json.endObject()
    return json.bytes
  }

  private func details(_ json: inout JSONWriter, _ requestID: String) {
    json.name("code")
    json.string(code)
    json.name("request_id")
    json.string(requestID)
    if let hint {
      json.name("hint")
      json.string(hint)
    }
    if let range {
      json.name("start")
      json.integer(range.lowerBound)
      json.name("end")
      json.integer(range.upperBound)
    }
  }
}
