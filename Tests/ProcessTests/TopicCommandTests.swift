import TestSupport
import Testing

@testable import curlew

/// `curlew topic` against a real server.
@Suite struct TopicCommandTests {
  private let directory: TemporaryDirectory
  private let server: ServerProcess

  init() throws {
    directory = try TemporaryDirectory()
    server = try ServerProcess(directory: directory.path)
  }

  private func curlew(_ arguments: String...) throws -> CommandProcess.Outcome {
    try CommandProcess.run(arguments, environment: server.environment)
  }

  @Test func `topics are made, listed, changed and deleted`() throws {
    #expect(try curlew("topic", "list") == .init(status: 0, output: "", error: ""))
    #expect(
      try curlew("topic", "create", "orders", "--partitions", "2")
        == .init(status: 0, output: "created orders with 2 partitions\n", error: ""))
    #expect(
      try curlew("topic", "create", "clicks", "-c", "segment.bytes=64MiB").output
        == "created clicks with 1 partition\n")
    #expect(
      try curlew("topic", "list").output == """
        TOPIC   PARTITIONS  RECORDS  BYTES
        clicks           1        0      0
        orders           2        0      0

        """)
    #expect(try curlew("topic", "list", "--names").output == "clicks\norders\n")
    #expect(
      try curlew("topic", "list", "--names", "--internal").output
        .contains("clicks\norders\n") == true)
    #expect(
      try curlew("topic", "alter", "orders", "-p", "3", "-c", "segment.bytes=16MiB").output
        == "orders now has 3 partitions, segment.bytes=16777216\n")
    #expect(
      try curlew("topic", "alter", "orders", "--reset", "segment.bytes").output
        == "orders now has 3 partitions\n")
    #expect(try curlew("topic", "delete", "clicks").output == "deleted clicks\n")
    #expect(
      try curlew("topic", "delete", "orders", "--output", "json").output
        == "{\"deleted\":\"orders\"}\n")
    #expect(try curlew("topic", "list", "--output=json").output == "[]\n")
  }

  @Test func `a description has partitions, and settings that line up`() throws {
    _ = try curlew("topic", "create", "orders", "-p", "2", "-c", "segment.bytes=64MiB")

    let outcome = try curlew("topic", "describe", "orders")

    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(lines[0] == "orders: 2 partitions, 0 records, 0 bytes")
    #expect(lines[1].hasPrefix("id "))
    #expect(
      lines[2...].joined(separator: "\n") == """

        PARTITION  START  END  BYTES  SEGMENTS
                0      0    0      0         0
                1      0    0      0         0

        SETTING        VALUE     FROM
        segment.bytes  67108864  topic

        """)
    let all = try curlew("topic", "describe", "orders", "--settings").output
    #expect(all.contains("\nmax.message.bytes ") && all.contains(" default\n"))
    let json = try curlew("topic", "describe", "orders", "-o", "json").output
    #expect(json.hasPrefix(#"{"name":"orders","id":""#) && json.hasSuffix("}\n"))
  }

  @Test func `what the server refuses is told in its words, with what to do`() throws {
    _ = try curlew("topic", "create", "orders")

    let again = try curlew("topic", "create", "orders")
    let unknown = try curlew("topic", "describe", "order")
    let setting = try curlew("topic", "create", "x", "--config", "segment.byte=1")
    let fewer = try curlew("topic", "alter", "orders", "--partitions", "1", "--reset", "x")
    let odd = try curlew("topic", "delete", "..")

    for outcome in [again, unknown, setting, fewer, odd] {
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.error.hasPrefix("curlew: ") && outcome.error.contains { ".?".contains($0) })
      #expect(outcome.error.split(separator: "\n").count == 1)
    }
    #expect(
      again.error == "curlew: There is a topic 'orders' already. 'curlew topic alter' changes it.\n"
    )
    #expect(
      unknown.error
        == "curlew: There is no topic 'order'. 'curlew topic list' shows those that are there.\n")
    #expect(setting.error.contains("Did you mean 'segment.bytes'?"))
    #expect(fewer.error.contains("'x'"))
  }

  @Test func `a wrong option is one of usage, and asks no server`() throws {
    let cases: [([String], String)] = [
      (["topic", "create"], "topic create needs TOPIC."),
      (["topic", "create", "a", "b"], "topic create does not take 'b'."),
      (
        ["topic", "create", "a", "--partitions=x"],
        "--partitions takes a whole number from 1 to 10000, not 'x'."
      ),
      (["topic", "create", "a", "--config=x"], "--config takes NAME=VALUE, not 'x'."),
      (["topic", "alter", "a"], "topic alter needs --partitions, --config or --reset."),
      (["topic", "list", "--output=xml"], "--output takes text or json, not 'xml'."),
      (
        ["topic", "list", "--timeout=soon"],
        "--timeout takes a duration such as 500ms, 30s, 5m, 2h or 7d, from 1 to 86400000 "
          + "milliseconds, not 'soon'."
      ),
      (
        ["topic", "list", "--server=localhost"],
        "--server takes an address like http://127.0.0.1:8082, not 'localhost'."
      ),
    ]
    for (arguments, sentence) in cases {
      let outcome = try CommandProcess.run(arguments)
      let help = arguments[...1].joined(separator: " ")
      #expect(
        outcome
          == .init(
            status: 2, output: "", error: "curlew: \(sentence)\nTry 'curlew \(help) --help'.\n"))
    }
    #expect(
      try CommandProcess.run(["topic", "list"], environment: ["CURLEW_SERVER": "x"]).error
        .hasPrefix("curlew: CURLEW_SERVER takes an address like "))
  }

  @Test func `a server that is not there is named, and how to start one`() throws {
    let port = server.port
    server.kill()
    server.wait()

    let outcome = try curlew("topic", "list")

    #expect(
      outcome
        == .init(
          status: 1, output: "",
          error:
            "curlew: there is no server at http://127.0.0.1:\(port): the connection is refused. "
            + "Start one with 'curlew serve', or name another with --server or CURLEW_SERVER.\n"))
  }

  @Test func `something that is no Curlew is not taken for one`() throws {
    let outcome = try curlew("topic", "list", "--server", "http://127.0.0.1:\(server.port)/console")

    #expect(outcome.status == 1 && outcome.error.hasPrefix("curlew: "))
  }

  @Test func `the variable that names a server is no setting of one`() throws {
    let settings = try EnvironmentSettings([("CURLEW_SERVER", "http://127.0.0.1:1")])

    #expect(settings.values.isEmpty && settings.configurationFile == nil)
  }

  @Test func `proxies of the environment are not asked`() throws {
    let proxy = "http://127.0.0.1:1"
    let outcome = try CommandProcess.run(
      ["topic", "list", "--server", "http://127.0.0.1:\(server.port)/"],
      environment: ["http_proxy": proxy, "HTTP_PROXY": proxy, "all_proxy": proxy])

    #expect(outcome == .init(status: 0, output: "", error: ""))
  }
}
