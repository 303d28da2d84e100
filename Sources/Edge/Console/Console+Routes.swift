public import HTTP

extension Console {
  /// A route for each file, and one for the console's folder. Browsers that ask for `/` get the
  /// console's first page from the API.
  public static var routes: [Route] {
    ["/openapi.json", "/openapi.yaml", "/docs", "/console", "/console/index.html"].map { path in
      Route(.get, path, body: .none) { request in answer(request, path) }
    }
  }

  private static func answer(_ request: Request, _ path: String) -> Response {
    guard let file = file(for: path) else { preconditionFailure("\(path) is not embedded") }
    let headers = headers(for: file)
    if let known = request.header("If-None-Match"), isCurrent(file, ifNoneMatch: known) {
      return Response(status: 304, headers: headers)
    }
    return Response(status: 200, headers: headers, body: .bytes(file.bytes))
  }
}
