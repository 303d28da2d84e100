public import HTTP
internal import Model
public import Platform
public import Store
public import Telemetry

/// The HTTP surface over a store: what a router and a server need to serve it.
public struct API: Sendable {
  /// All routes, in the order of the OpenAPI file.
  public let routes: [Route]
  private let context: Context

  /// Under which further beginning of a path all routes are found.
  public static let aliases = ["/kafka"]

  /// The surface over `store`. Its metrics are registered in `metrics`, once a process.
  public init(
    store: any EventStore, settings: APISettings, gate: any Gate = OpenGate(),
    metrics: MetricsRegistry, time: any TimeSource
  ) {
    context = Context(
      store: store, settings: settings, gate: gate, time: time, registry: metrics)
    routes = Routes(context).table
  }

  /// What it goes by. Requests that begin after a change see it; any thread may change it.
  public var settings: APISettings {
    get { context.settings }
    nonmutating set { context.settings = newValue }
  }

  /// What HTTP itself refuses, in the words of the family that the path belongs to.
  public func fault(_ fault: HTTPFault, _ request: Request?) -> Response {
    guard let request else {
      let problem = Problem(.request(RequestFault(fault, nil)), .native)
      return Response(
        status: problem.status, headers: [("Content-Type", MediaType.json)],
        body: .bytes(problem.body(.native, requestID: "")))
    }
    let later = Later.feature(at: request.path)
    let family = later?.family ?? Dialect.either.family(of: request)
    let call = Call(request, context, family)
    if let later, fault == .notFound { return call.refuse(.request(.later(later.words))) }
    return call.refuse(.request(RequestFault(fault, request)))
  }
}

extension RequestFault {
  /// `fault` as one of ours.
  init(_ fault: HTTPFault, _ request: Request?) {
    switch fault {
    case .notFound: self = .noRoute(path: request?.path ?? "")
    case .methodNotAllowed(let allowed):
      self = .methodNotAllowed(
        method: request?.method.rawValue ?? "", allowed: allowed.map(\.rawValue))
    case .notImplemented: self = .transport(fault, code: "method_not_implemented")
    case .bodyTooLarge(let limit): self = .bodyTooLarge(limit: limit)
    case .unsupportedEncoding: self = .transport(fault, code: "unsupported_encoding")
    case .malformed: self = .transport(fault, code: "malformed_request")
    case .misdirected: self = .transport(fault, code: "misdirected")
    case .originRefused: self = .transport(fault, code: "origin_refused")
    case .overloaded: self = .busy(retryAfterSeconds: 1)
    case .stopping: self = .closing
    }
  }

  private static func transport(_ fault: HTTPFault, code: String) -> RequestFault {
    .transport(status: fault.status, code: code, message: fault.sentence)
  }
}
