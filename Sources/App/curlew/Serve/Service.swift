internal import Model
internal import Platform
internal import Telemetry

/// A node that serves, until a signal stops it: what the main thread does meanwhile. It reads the
/// settings again when it is told to, and tells whoever supervises the process how it is doing.
struct Service {
  private let node: ServingNode
  private let log: Log
  private let invocation: Invocation
  private var supervision: Supervision
  /// What is in force.
  private(set) var configuration: NodeConfiguration

  /// The service of `node`, which goes by `configuration` and was started by `invocation`.
  init(
    _ node: ServingNode, _ configuration: NodeConfiguration, log: Log, time: any TimeSource,
    _ invocation: Invocation
  ) {
    self.node = node
    self.configuration = configuration
    self.log = log
    self.invocation = invocation
    supervision = Supervision(
      Supervisor(invocation.environment), time: time, log: log.named("supervisor"))
  }

  /// Says that the node is ready, and returns when it should stop.
  mutating func run(_ signals: ProcessSignals) {
    supervision.ready(serving)
    while true {
      switch signals.next(within: supervision.interval) {
      case .stop: return supervision.stopping()
      case .reload:
        supervision.reloading()
        let problem = reload()
        supervision.ready(problem ?? serving)
      case nil: break
      }
      supervision.tick { [node] in node.isTurning() }
    }
  }

  private var serving: String { "Serving " + node.urls.joined(separator: ", ") }

  /// Reads the settings again as at the start and goes by those that may change. Where anything is
  /// wrong with them nothing changes; a sentence says what.
  private mutating func reload() -> String? {
    let newer: NodeConfiguration
    do throws(AppError) {
      newer = try NodeConfiguration(invocation, command: "serve")
      _ = try ServeCommand.listenAddresses(newer)
    } catch {
      log.error("the settings stay as they were", ["problem": .of(error.sentence)])
      return "The settings stay as they were: " + error.sentence
    }
    let changes = configuration.differences(to: newer)
    configuration.adopt(newer)
    log.set(configuration.logLevel, configuration.logFormat)
    node.apply(configuration)
    let changed = changes.filter { $0.change == .live }.map(\.name)
    log.info(
      "settings read again",
      [
        "file": .of(newer.file ?? "none"),
        "changed": .of(changed.isEmpty ? "none" : changed.joined(separator: ",")),
      ])
    warn(changes.filter { $0.change != .live })
    return nil
  }

  private func warn(_ waiting: [Setting]) {
    guard !waiting.isEmpty else { return }
    let fixed = waiting.filter { $0.change == .fixed }.map(\.name)
    let restart = waiting.filter { $0.change == .restart }.map(\.name)
    var parts: [String] = []
    if !restart.isEmpty {
      parts.append("restart the server for \(restart.joined(separator: ", "))")
    }
    if !fixed.isEmpty {
      parts.append("a data directory keeps its \(fixed.joined(separator: ", "))")
    }
    log.warning("these settings cannot change now: " + parts.joined(separator: "; "))
  }
}
