internal import HTTP
internal import JSON
internal import Model
internal import Platform
internal import Store
internal import Telemetry

/// The answer to a read: whole where it is small, else written while it is read.
struct ReadAnswer: Sendable {
  private let question: ReadQuestion
  private let context: Context
  private let loop: EventLoop

  init(_ question: ReadQuestion, _ context: Context, _ loop: EventLoop) {
    self.question = question
    self.context = context
    self.loop = loop
  }

  /// What stands before the first record.
  var opening: [UInt8] {
    switch question.form {
    case .json: Array(#"{"records":["#.utf8)
    case .lines: []
    case .v2: Array("[".utf8)
    }
  }

  private var contentType: String {
    switch question.form {
    case .json: MediaType.json
    case .lines: MediaType.ndjson
    case .v2(let type): type
    }
  }

  /// Reads a first piece, and waits for it until `deadline` where there is nothing.
  func first(_ pump: inout RecordPump, _ deadline: Instant) async throws(Refusal) -> RecordPump.Stop
  {
    while true {
      let stop = try await pump.run(to: ReadHandlers.piece, on: loop)
      guard stop == .end, pump.count == 0, loop.time.now < deadline, !loop.isStopping else {
        return stop
      }
      guard await wait(pump, until: deadline) else { return stop }
      try pump.extend()
    }
  }

  /// The answer of a pump that is done.
  func whole(_ pump: inout RecordPump, _ stop: RecordPump.Stop) throws(Refusal) -> Response {
    var bytes = pump.take()
    bytes.append(contentsOf: try closing(pump))
    return Response(status: 200, headers: [("Content-Type", contentType)], body: .bytes(bytes))
  }

  /// An answer that goes on with what `pump` has and will read.
  func stream(_ pump: RecordPump) -> Response {
    Response(
      status: 200, headers: [("Content-Type", contentType)],
      body: .stream { writer in
        do {
          var pump = pump
          try await self.write(&pump, to: writer)
          writer.finish()
        } catch {
          // The status is sent: only a cut connection can still say that this is not all.
          writer.abort()
        }
      })
  }

  private func write(_ pump: inout RecordPump, to writer: BodyWriter) async throws {
    while true {
      let stop = try await pump.run(to: ReadHandlers.piece, on: loop)
      let isOver = stop != .full && !(question.follows && stop == .end)
      var bytes = pump.take()
      if isOver { bytes.append(contentsOf: try closing(pump)) }
      context.metrics.bytesOut.add(bytes.count)
      if !bytes.isEmpty { try await writer.write(bytes) }
      guard !isOver else { return }
      guard stop == .end else { continue }
      guard try await follow(&pump, writer) else { return }
    }
  }

  /// Waits for more; false when there is nobody left to wait for it.
  private func follow(_ pump: inout RecordPump, _ writer: BodyWriter) async throws -> Bool {
    while !writer.isClosed, !loop.isStopping {
      let hasMore = await wait(pump, until: loop.time.now + .seconds(60))
      if writer.isClosed || loop.isStopping { return false }
      try pump.extend()
      if hasMore { return true }
    }
    return false
  }

  /// Waits for a record behind what was read; false at the deadline, or when the client has left.
  private func wait(_ pump: RecordPump, until deadline: Instant) async -> Bool {
    context.metrics.longPolls.add(1)
    defer { context.metrics.longPolls.add(-1) }
    var wait: (any Wait)?
    let fired: Bool? = await loop.suspend(until: deadline) { resumer in
      wait = context.store.wait(for: pump.lanes.targets, names: [], on: loop) {
        resumer.resume(true)
      }
    }
    wait?.cancel()
    return fired ?? false
  }

  /// What stands behind the last record.
  private func closing(_ pump: RecordPump) throws(Refusal) -> [UInt8] {
    switch question.form {
    case .lines: return []
    case .v2: return [UInt8(ascii: "]")]
    case .json:
      guard let cursor = pump.lanes.cursor.text() else {
        throw .reading(
          .tooManyPartitions(
            count: pump.lanes.lanes.count, limit: ReadCursor.maximumPartitions))
      }
      var bytes = Array(#"],"next":""#.utf8)
      bytes.append(contentsOf: cursor)
      bytes.append(contentsOf: #"","caught_up":"#.utf8)
      bytes.append(contentsOf: (pump.lanes.isAtEnd ? "true}" : "false}").utf8)
      return bytes
    }
  }
}
