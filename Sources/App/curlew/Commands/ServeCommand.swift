internal import Model
internal import Platform
internal import Telemetry

/// `curlew serve`.
enum ServeCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let configuration = try NodeConfiguration(invocation, command: "serve")
    let addresses = try listenAddresses(configuration)
    let signals: ProcessSignals
    do throws(SystemError) { signals = try ProcessSignals() } catch { throw .failure("\(error).") }
    let time = SystemTime()
    let log = log(configuration, time)
    let node = try ServingNode(configuration, listen: addresses, log: log, time: time)
    for url in node.urls { try invocation.print("listening on \(url)\n") }
    var service = Service(node, configuration, log: log, time: time, invocation)
    service.run(signals)
    log.info("stopping")
    node.stop()
  }

  private static func log(_ configuration: NodeConfiguration, _ time: any TimeSource) -> Log {
    let log = Log.standardError(configuration.logLevel, configuration.logFormat, time: time)
    for setting in Settings.node where log.writes(.debug) {
      let value = setting.isSecret ? "(secret)" : configuration.values.text(setting.name)
      log.debug(
        "setting",
        [
          "name": .of(setting.name), "value": .of(value),
          "from": .of(configuration.source(of: setting.name)),
        ])
    }
    return log
  }

  static let syntax = CommandSyntax(
    name: "serve", summary: "Run the server",
    introduction: """
      Runs the server: an event log over HTTP, kept in one directory. It goes on
      until SIGTERM or Ctrl-C, and prints 'listening on http://ADDRESS:PORT' once it
      answers.
      """,
    groups: SettingOptions.groups(more: [.help]), closing: closing)

  /// Where to listen. Until callers are authenticated, whoever reaches an address may do
  /// everything, so that one other than loopback must be allowed in words.
  static func listenAddresses(
    _ configuration: NodeConfiguration
  ) throws(AppError) -> [ListenAddress] {
    let place = configuration.source(of: "listen")
    var addresses: [ListenAddress] = []
    for text in configuration.values.list("listen") {
      guard let address = ListenAddress(text) else {
        throw .usage(
          "\(place): '\(text)' is no ADDRESS:PORT, such as 127.0.0.1:8082, 0.0.0.0:80 or [::1]:0.",
          command: "serve")
      }
      guard address.isLoopback || configuration.values.boolean("allow-anonymous") else {
        throw .usage(
          "\(place): other machines can reach \(text), and callers are not authenticated yet. Add "
            + "--allow-anonymous if whoever can reach it may read and write everything.",
          command: "serve")
      }
      addresses.append(address)
    }
    guard !addresses.isEmpty else {
      throw .usage("\(place): there must be an address to listen on.", command: "serve")
    }
    return addresses
  }

  private static let closing = """
    Settings
      Each option is also an environment variable, CURLEW_DATA_DIR for --data-dir,
      and a line of the file that --config or CURLEW_CONFIG names:

        data-dir: /var/lib/curlew
        listen: [127.0.0.1:8082, "[::1]:8082"]
        num.partitions: 4

      An option wins over the environment, and that over the file. Sizes are bytes,
      or 64KiB, 16MiB, 1GiB. Those marked * change while the server runs, when
      SIGHUP makes it read them again. 'curlew config show' tells each value and
      where it comes from.

    Examples
      curlew serve
      curlew serve --data-dir /var/lib/curlew --log-format json
      curlew serve --listen 127.0.0.1:0 --listen '[::1]:0'

    Exit status
      0 after SIGTERM or SIGINT, 1 when it cannot start or go on, 2 for a wrong
      option or setting
    """
}
