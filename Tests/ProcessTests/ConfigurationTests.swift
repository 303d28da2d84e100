import Foundation
import Model
import Platform
import Testing

@testable import curlew

@Suite struct ConfigurationTests {
  /// The configuration of a command line, variables, and a file of these lines where there are any.
  private func configuration(
    _ arguments: [String] = [], _ environment: [(name: String, value: String)] = [],
    file: String? = nil
  ) throws -> NodeConfiguration {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    if let file { try Data(file.utf8).write(to: URL(filePath: path)) }
    let named = file == nil ? [] : ["--config", path]
    let options = try OptionParser(ServeCommand.syntax, arguments + named).parse()
    return try NodeConfiguration(
      options: options, environment: environment, files: PosixFileSystem())
  }

  private func sentence(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return "nothing was refused"
    } catch let error as AppError {
      if case .usage(let sentence, "serve") = error { return sentence }
      return "\(error)"
    } catch { return "\(error)" }
  }

  @Test func `an option wins over the environment, that over the file, that over the default`()
    throws
  {
    let file = "loops: 1\nmax-body: 1MiB\nnum.partitions: 7\n"
    let configuration = try configuration(
      ["--loops=3"], [("CURLEW_LOOPS", "2"), ("CURLEW_MAX_BODY", "2MiB"), ("HOME", "/")],
      file: file)

    #expect(configuration.values.integer("loops") == 3)
    #expect(configuration.source(of: "loops") == .option("--loops"))
    #expect(configuration.values.integer("max-body") == 2 << 20)
    #expect(configuration.source(of: "max-body") == .environment("CURLEW_MAX_BODY"))
    #expect(configuration.values.integer("num.partitions") == 7)
    guard case .file(_, line: 3) = configuration.source(of: "num.partitions") else {
      Issue.record("\(configuration.source(of: "num.partitions"))")
      return
    }
    #expect(configuration.values.text("log-level") == "info")
    #expect(configuration.source(of: "log-level") == .defaultValue)
  }

  @Test(arguments: Settings.node)
  func `every setting can be given in each of the three ways`(setting: Setting) throws {
    let value = setting.defaultValue.isEmpty ? "x" : setting.defaultValue
    let option = "--" + setting.option
    let variable = setting.environmentVariable

    #expect(
      try configuration(["\(option)=\(value)"]).source(of: setting.name) == .option(option))
    #expect(
      try configuration([], [(variable, value)]).source(of: setting.name)
        == .environment(variable))
    #expect(
      try configuration(file: "\(setting.name): \(value)").values.explicit == [setting.name: value])
  }

  @Test func `a list takes all that was given, in every way`() throws {
    let both = ["127.0.0.1:1", "[::1]:2"]

    let option = try configuration(["-l", "127.0.0.1:1", "--listen=[::1]:2"])
    let variable = try configuration([], [("CURLEW_LISTEN", "127.0.0.1:1, [::1]:2")])
    let file = try configuration(file: "listen:\n- 127.0.0.1:1\n- '[::1]:2'\n")

    for each in [option, variable, file] { #expect(each.values.list("listen") == both) }
  }

  @Test func `a switch is on when it is named`() throws {
    #expect(try configuration(["--allow-anonymous"]).values.boolean("allow-anonymous"))
    #expect(
      try !configuration(["--allow-anonymous=false"], [("CURLEW_ALLOW_ANONYMOUS", "true")])
        .values.boolean("allow-anonymous"))
  }

  @Test func `the file may be named by the environment, and the option wins`() throws {
    #expect(throws: AppError.self) {
      try configuration([], [("CURLEW_CONFIG", "/nonexistent/curlew.yaml")])
    }
    #expect(
      try configuration([], [("CURLEW_CONFIG", "/nonexistent/curlew.yaml")], file: "loops: 5")
        .values.integer("loops") == 5)
  }

  @Test func `what is wrong is refused even where something stronger hides it`() throws {
    #expect(
      sentence { try configuration(["--loops=3"], [("CURLEW_LOOPS", "many")]) }
        == "CURLEW_LOOPS takes a whole number from 0 to 256, not 'many'.")
    #expect(
      sentence { try configuration(["--loops=3"], file: "# loops\nloops: many") }
        .hasSuffix(":2: loops takes a whole number from 0 to 256, not 'many'."))
  }

  @Test func `unknown names are refused with the nearest known one`() throws {
    #expect(
      sentence { try configuration([], [("CURLEW_NUM_PARTITONS", "3")]) }
        == "there is no setting for the environment variable CURLEW_NUM_PARTITONS; "
        + "did you mean CURLEW_NUM_PARTITIONS?")
    #expect(
      sentence { try configuration([], [("CURLEW_SOMETHING_ELSE_ENTIRELY", "3")]) }
        == "there is no setting for the environment variable CURLEW_SOMETHING_ELSE_ENTIRELY; "
        + "unset it.")
    #expect(
      sentence { try configuration([], [("CURLEW_RETENTION_MS", "3")]) }
        == "CURLEW_RETENTION_MS belongs to a topic: give retention.ms when the topic is made.")
    #expect(
      sentence { try configuration(file: "num-partitions: 3") }
        .hasSuffix(":1: there is no setting num-partitions; did you mean num.partitions?"))
    #expect(
      sentence { try configuration(file: "retention.ms: 3") }
        .hasSuffix(":1: retention.ms belongs to a topic: give it when the topic is made."))
  }

  @Test func `a newer configuration gives what may change, the rest stays`() throws {
    var current = try configuration(["--loops=1"], file: "host: a\nmax-body: 1MiB\n")
    let newer = try configuration(["--loops=2"], [("CURLEW_MAX_BODY", "2MiB")])

    #expect(current.differences(to: newer).map(\.name) == ["host", "loops", "max-body"])
    current.adopt(newer)

    #expect(current.differences(to: newer).map(\.name) == ["loops"])
    #expect(current.source(of: "host") == .defaultValue)
    #expect(current.source(of: "max-body") == .environment("CURLEW_MAX_BODY"))
    #expect(current.source(of: "loops") == .option("--loops"))
    #expect(current.values.integer("loops") == 1)
  }

  @Test func `an empty variable counts as none, and other programs' variables are theirs`() throws {
    let configuration = try configuration(
      [], [("CURLEW_LOOPS", ""), ("CURLEW_CONFIG", ""), ("CURLEWX", "1"), ("curlew_loops", "x")])

    #expect(configuration.values.explicit.isEmpty)
  }

  @Test(arguments: [
    ("CURLEW_SERVICE_HOST", "10.0.0.1"), ("CURLEW_SERVICE_PORT", "8082"),
    ("CURLEW_SERVICE_PORT_HTTP", "8082"), ("CURLEW_PORT", "tcp://10.0.0.1:8082"),
    ("CURLEW_PORT_8082_TCP", "tcp://10.0.0.1:8082"), ("CURLEW_PORT_8082_TCP_ADDR", "10.0.0.1"),
    ("CURLEW_CANARY_PORT_53_UDP_PROTO", "udp"), ("CURLEW_CANARY_SERVICE_HOST", "10.0.0.2"),
  ])
  func `variables in which Kubernetes names a service are no settings`(
    name: String, value: String
  ) throws {
    #expect(try configuration([], [(name, value)]).values.explicit.isEmpty)
  }

  @Test(arguments: ["CURLEW_PORT", "CURLEW_PORT_HTTP_TCP", "CURLEW_SERVICES"])
  func `names that only look like those are refused`(name: String) throws {
    #expect(throws: AppError.self) { try configuration([], [(name, "8082")]) }
  }

  @Test(
    arguments: [
      (["-l", "0.0.0.0:0"], "--listen: other machines can reach 0.0.0.0:0, and callers are not"),
      (["-l", "[::]:0"], "--listen: other machines can reach [::]:0, and callers are not"),
      (
        ["-l", "127.0.0.1:0", "-l", "10.0.0.1:1"], "--listen: other machines can reach 10.0.0.1:1,"
      ),
      (["-l", "8082"], "--listen: '8082' is no ADDRESS:PORT"),
      (["--listen="], "--listen: there must be an address to listen on."),
    ] as [([String], String)])
  func `only loopback is listened on without a word`(
    arguments: [String], beginning: String
  ) throws {
    let configuration = try configuration(arguments)
    #expect(sentence { try ServeCommand.listenAddresses(configuration) }.hasPrefix(beginning))
  }

  @Test func `every address is listened on where anybody may call`() throws {
    let configuration = try configuration([
      "--allow-anonymous", "-l", "0.0.0.0:80", "-l", "[::]:0", "-l", "localhost:1",
    ])

    #expect(
      try ServeCommand.listenAddresses(configuration).map(\.description)
        == ["0.0.0.0:80", "[::]:0", "127.0.0.1:1"])
  }
}
