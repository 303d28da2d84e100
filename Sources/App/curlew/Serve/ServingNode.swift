internal import API
internal import CommitLog
internal import Console
internal import Embedded
internal import HTTP
internal import Model
internal import Platform
internal import Store
internal import Telemetry

/// The server that `curlew serve` runs: builds the objects from the configuration, and stops them
/// in turn.
struct ServingNode {
  private let store: EmbeddedStore
  private let api: API
  private let server: HTTPServer
  /// The URLs that it is reached under.
  let urls: [String]

  /// Opens the log and begins to serve.
  init(
    _ configuration: NodeConfiguration, listen: [ListenAddress], log: Log, time: any TimeSource
  ) throws(AppError) {
    let metrics = MetricsRegistry()
    store = try Self.open(configuration, log: log, metrics: metrics)
    api = API(
      store: store, settings: Self.apiSettings(configuration.values, store), metrics: metrics,
      time: time)
    let http = Self.httpSettings(configuration.values, listen)
    do {
      let router = try Router(routes: api.routes + Console.routes, aliases: API.aliases)
      server = HTTPServer(
        http, router: router, observer: RequestLog(log.named("http")), time: time, fault: api.fault)
      urls = try server.start()
    } catch {
      store.close()
      throw .failure("\(error)")
    }
  }

  /// Goes by `configuration` from here on, as far as settings may change while it runs. Requests
  /// that come when it has returned see them.
  func apply(_ configuration: NodeConfiguration) {
    let values = configuration.values
    api.settings = Self.apiSettings(values, store)
    store.setWaitingLimit(bytes: Int(values.integer("max-waiting")))
    server.apply(Self.httpSettings(values, []))
  }

  /// Whether the thread that commits and those that serve have come round since this was asked
  /// before.
  func isTurning() -> Bool {
    let isServing = server.isTurning()
    return store.isCommitting() && isServing
  }

  /// Answers what is in flight, then closes the log. Blocks until both have ended.
  func stop() {
    server.stop()
    store.close()
  }

  private static func open(
    _ configuration: NodeConfiguration, log: Log, metrics: MetricsRegistry
  ) throws(AppError) -> EmbeddedStore {
    let values = configuration.values
    let directory = values.text("data-dir")
    guard !directory.isEmpty else {
      throw .usage(
        "\(configuration.source(of: "data-dir")): the data directory has no name.",
        command: "serve")
    }
    var options = StoreOptions(directory: directory)
    options.requireExisting = values.boolean("require-existing")
    options.unsafeVolatile = values.boolean("unsafe-volatile")
    options.isReadOnly = values.boolean("read-only")
    options.scrubBytesPerSecond = Int(values.integer("scrub-rate"))
    options.geometry = JournalGeometry(
      blocksPerFile: UInt64(values.integer("journal-file-size")) / 4096,
      files: UInt64(values.integer("journal-files")))
    options.diskReserve = UInt64(values.integer("disk-reserve"))
    options.retentionInterval = .milliseconds(values.integer("log.retention.check.interval.ms"))
    options.limits.tailBytes = Int(values.integer("memory-tail"))
    options.limits.waitingBytes = Int(values.integer("max-waiting"))
    options.metrics = metrics
    options.log = log
    do throws(LogError) {
      let store = try EmbeddedStore(options)
      log.info(
        "the log is open",
        [
          "directory": "\(directory)", "node": "\(store.nodeID)",
          "recovery": "\(store.recoverySummary)",
        ])
      return store
    } catch {
      throw .failure("\(error).")
    }
  }

  private static func httpSettings(
    _ values: SettingValues, _ listen: [ListenAddress]
  ) -> ServerConfiguration {
    var http = ServerConfiguration(listen: listen.map { ($0.host, $0.port) })
    let loops = Int(values.integer("loops"))
    if loops > 0 { http.loops = loops }
    http.maximumBody = Int(values.integer("max-body"))
    http.bodyBudget = Int(values.integer("max-waiting"))
    http.maximumConnections = Int(values.integer("max-connections"))
    http.allowedOrigins = values.list("cors-origin")
    http.allowedHosts = values.list("host")
    return http
  }

  private static func apiSettings(_ values: SettingValues, _ store: EmbeddedStore) -> APISettings {
    var settings = APISettings(clusterID: store.nodeID, version: Version.current)
    settings.autoCreate = values.boolean("auto.create.topics.enable")
    settings.defaultPartitions = Int32(values.integer("num.partitions"))
    settings.rootPage = Console.file(for: "/console")?.bytes
    return settings
  }
}
