internal import HTTP
internal import Platform
internal import Telemetry

/// Takes the answer of a handler that has no task, and counts it.
struct Answering: Sendable {
  private let call: Call
  private let metrics: APIMetrics.RouteMetrics
  private let responder: Responder

  init(_ call: Call, _ metrics: APIMetrics.RouteMetrics, _ responder: Responder) {
    self.call = call
    self.metrics = metrics
    self.responder = responder
  }

  /// Gives the answer.
  func callAsFunction(_ response: Response) {
    metrics.note(response, to: call)
    responder.answer(response)
  }

  /// Refuses, in the words of the call's family.
  func refuse(_ refusal: Refusal) { self(call.refuse(refusal)) }

  /// Goes on in a task of the loop, for what has to be awaited.
  func start(_ body: @escaping @Sendable () async throws(Refusal) -> Void) {
    responder.start {
      do throws(Refusal) { try await body() } catch { refuse(error) }
    }
  }
}

extension APIMetrics.RouteMetrics {
  /// Counts an answer.
  func note(_ response: Response, to call: Call) {
    if case .bytes(let bytes) = response.body { call.context.metrics.bytesOut.add(bytes.count) }
    counts.count(response.status)
    latency.observe(
      nanoseconds: call.context.time.now.nanoseconds - call.request.receivedAt.nanoseconds)
  }
}
