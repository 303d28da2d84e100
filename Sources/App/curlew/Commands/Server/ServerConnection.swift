internal import HTTPClient
internal import JSON

/// The server that a command speaks to.
struct ServerConnection {
  /// Its address, without a slash at the end.
  let url: String
  let client: HTTPClient
  private let timeout: Duration

  /// The server that option or environment name.
  init(_ invocation: Invocation, command: String) throws(AppError) {
    let variable = invocation.environment.first {
      $0.name == ServerOptions.variable && !$0.value.isEmpty
    }
    let option = invocation.options.value("server")
    var text = option ?? variable?.value ?? ServerOptions.defaultURL
    while text.hasSuffix("/") { text.removeLast() }
    guard text.hasPrefix("http://") || text.hasPrefix("https://"), text.hasSuffix(":") == false
    else {
      let place = option == nil ? ServerOptions.variable : "--server"
      throw .usage(
        "\(place) takes an address like \(ServerOptions.defaultURL), not '\(text)'.",
        command: command)
    }
    url = text
    timeout = .milliseconds(try invocation.milliseconds("timeout", command) ?? 60_000)
    do throws(HTTPClientError) {
      client = try HTTPClient(userAgent: "curlew/\(Version.current)")
    } catch {
      throw Self.failure(error, url: text, timeout)
    }
  }

  /// A request to `path`, whose words are escaped here, as those of `query` are.
  func request(
    _ method: String, _ path: [String], query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], body: HTTPRequest.Body = .none
  ) -> HTTPRequest {
    var address = path.reduce(url) { $0 + "/" + URLText.escaped($1) }
    for (index, field) in query.enumerated() {
      address += index == 0 ? "?" : "&"
      address += URLText.escaped(field.name) + "=" + URLText.escaped(field.value)
    }
    var request = HTTPRequest(method, address, headers: headers, body: body)
    request.answerTimeout = timeout
    return request
  }

  /// Sends `request`; its answer, which is one of success.
  func ask(_ request: HTTPRequest) throws(AppError) -> HTTPResponse {
    let response = try send(request)
    guard response.status / 100 == 2 else { throw refusal(response).error }
    return response
  }

  /// Sends `request`; its answer, whatever it says.
  func send(_ request: HTTPRequest) throws(AppError) -> HTTPResponse {
    do throws(HTTPClientError) { return try client.send(request) } catch { throw failure(error) }
  }

  /// What an answer that is none of success says.
  func refusal(_ response: HTTPResponse) -> ServerRefusal { ServerRefusal(response, url: url) }

  /// Why there is no answer, and what to do about it.
  func failure(_ error: HTTPClientError) -> AppError { Self.failure(error, url: url, timeout) }

  private static func failure(
    _ error: HTTPClientError, url: String, _ timeout: Duration
  ) -> AppError {
    switch error {
    case .unavailable(let sentence): .failure("\(sentence).")
    case .badAddress(let reason): .failure("\(url) is no address of a server: \(reason).")
    case .unreachable(let reason):
      .failure(
        "there is no server at \(url): \(reason). Start one with 'curlew serve', or name another "
          + "with --server or \(ServerOptions.variable).")
    case .insecure(let reason):
      .failure(
        "there is no secure connection to \(url): \(reason). Its certificate must be one that this "
          + "system trusts; a server without TLS is named with http://.")
    case .timedOut:
      .failure(
        "\(url) did not answer within \(timeout.components.seconds) s; --timeout waits longer.")
    case .interrupted(let reason): .failure("the connection to \(url) broke off: \(reason).")
    case .tooLarge(let limit): .failure("the answer of \(url) is larger than \(limit) bytes.")
    case .cancelled: .failure("interrupted.")
    }
  }
}
