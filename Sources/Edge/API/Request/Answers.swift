internal import HTTP
internal import JSON

/// Answers, in the type of a call's family.
extension Call {
  /// JSON, in the family's type unless the caller names `application/json` and not that.
  func json(
    _ json: JSONWriter, status: Int = 200, headers: [(name: String, value: String)] = []
  ) -> Response {
    Response(
      status: status, headers: [("Content-Type", jsonType)] + headers, body: .bytes(json.bytes))
  }

  private var jsonType: String {
    guard family == .v2, let header = request.header("Accept"), header != "*/*" else {
      return family.contentType
    }
    return Accept(header).best(of: [MediaType.kafkaV2, MediaType.json]) ?? MediaType.kafkaV2
  }

  /// Nothing, which says it all.
  static let noContent = Response(status: 204)

  /// The refusal in the family's words, or in RFC 9457's where the caller asks for them.
  func refuse(_ refusal: Refusal) -> Response {
    let problem = Problem(refusal, family)
    var headers: [(name: String, value: String)] = []
    let body: [UInt8]
    if family == .native, accept.names(MediaType.problem) {
      headers.append(("Content-Type", MediaType.problem))
      body = problem.standardBody(requestID: request.id)
    } else {
      headers.append(("Content-Type", family.contentType))
      body = problem.body(family, requestID: request.id)
    }
    if let seconds = problem.retryAfterSeconds { headers.append(("Retry-After", String(seconds))) }
    if let range = problem.range {
      headers.append(("Content-Range", "offsets */\(range.lowerBound)-\(range.upperBound)"))
    }
    return Response(status: problem.status, headers: headers, body: .bytes(body))
  }
}
