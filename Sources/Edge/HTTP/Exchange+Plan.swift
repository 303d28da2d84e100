internal import CMicrohttpd
internal import Compression

extension Exchange {
  /// What becomes of a request, as its headers say.
  func makePlan(
    _ scan: HeaderScan, _ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>
  ) -> Plan {
    guard let known = unsafe Method(method) else {
      return refuse(.notImplemented(method: unsafe String(cString: method)))
    }
    guard let request = makeRequest(known) else {
      return refuse(.malformed("The request's target is not a path."))
    }
    self.request = request
    request.mayHaveID = scan.hasID
    let current: StaticString = "HTTP/1.1"
    if let fault = unsafe fault(in: scan, isOld: !current.isEqual(toC: version)) {
      return refuse(fault)
    }
    note(scan)
    switch core.router.match(request) {
    case .route(let route): return prepare(route, scan)
    case .notFound: return refuse(.notFound)
    case .methodNotAllowed(let allowed):
      return known == .options
        ? .respond(preflight(allowed)) : refuse(.methodNotAllowed(allowed: allowed))
    }
  }

  func refuse(_ fault: HTTPFault) -> Plan {
    .respond(core.render(fault, request))
  }

  private func fault(in scan: HeaderScan, isOld: Bool) -> HTTPFault? {
    if link.isOverLimit { return .overloaded }
    if loop.isPastGrace { return .stopping }
    if let defect = scan.defect { return .malformed(defect) }
    let host = unsafe scan.host
    if unsafe host == nil, !isOld { return .malformed("A request has a Host.") }
    if isLoopback, let host = unsafe host, unsafe !policy.gate.isLocal(host.span) {
      return .misdirected(host: unsafe String(decoding: host, as: UTF8.self))
    }
    if let origin = unsafe scan.origin,
      unsafe !policy.gate.admits(origin: origin.span, host: host?.span)
    {
      return .originRefused(unsafe String(decoding: origin, as: UTF8.self))
    }
    return nil
  }

  private func note(_ scan: HeaderScan) {
    guard unsafe scan.origin != nil || scan.acceptEncoding != nil else { return }
    var scanned = Scanned()
    if let origin = unsafe scan.origin,
      unsafe policy.gate.isForeign(origin: origin.span, host: scan.host?.span)
    {
      scanned.origin = unsafe String(decoding: origin, as: UTF8.self)
    }
    if let accept = unsafe scan.acceptEncoding {
      scanned.accepts = unsafe Negotiation.coding(
        accepting: String(decoding: accept, as: UTF8.self))
    }
    self.scanned = scanned
  }

  /// Readies the exchange for the route's body.
  private func prepare(_ route: Route, _ scan: HeaderScan) -> Plan {
    if let encoding = unsafe scan.contentEncoding {
      let name = unsafe String(decoding: encoding, as: UTF8.self)
      if !name.equalsIgnoringCase("identity"), !name.isEmpty {
        guard let coding = ContentCoding(named: name) else {
          return refuse(.unsupportedEncoding(name))
        }
        bodyCoding = coding
      }
    }
    let limit = policy.maximumBody
    switch route.bodyMode {
    case .none: break
    case .chunks: chunks = ChunkReader(bodyCoding, limit: limit)
    case .whole:
      guard let length = scan.length, length > 0 else { break }
      guard length <= limit else { return refuse(.bodyTooLarge(limit: limit)) }
      // A length is a claim: memory for it is taken as bytes come, the first 64 KiB at once.
      body.reserveCapacity(min(length, 64 << 10) + 64)
    }
    return .handle(route)
  }

  /// An answer to `OPTIONS` where no route answers it: what the path takes, and what a page of
  /// another origin may do.
  private func preflight(_ allowed: [Method]) -> Response {
    var response = Response(status: 204)
    let methods = allowed.map(\.rawValue).joined(separator: ", ")
    response.headers.append(("Allow", methods))
    if scanned?.origin != nil, request?.header("Access-Control-Request-Method") != nil {
      response.headers.append(("Access-Control-Allow-Methods", methods))
      if let headers = request?.header("Access-Control-Request-Headers") {
        response.headers.append(("Access-Control-Allow-Headers", headers))
      }
      response.headers.append(("Access-Control-Max-Age", "600"))
    }
    return response
  }
}

extension ServerCore {
  /// The owner's answer to a fault, with the headers that HTTP wants with its status.
  func render(_ fault: HTTPFault, _ request: Request?) -> Response {
    var response = self.fault(fault, request)
    response.complete(for: fault)
    return response
  }
}

extension Response {
  /// Adds what RFC 9110 wants with a fault's status, where its renderer has not.
  mutating func complete(for fault: HTTPFault) {
    switch fault {
    case .methodNotAllowed(let allowed) where header("Allow") == nil:
      headers.append(("Allow", allowed.map(\.rawValue).joined(separator: ", ")))
    case .overloaded, .stopping:
      if header("Retry-After") == nil { headers.append(("Retry-After", "1")) }
    case .unsupportedEncoding where header("Accept-Encoding") == nil:
      headers.append(("Accept-Encoding", "gzip, zstd"))
    default: break
    }
  }
}
