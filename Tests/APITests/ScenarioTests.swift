import CommitLog
import Embedded
import TestSupport
import Testing

/// Every scenario, in process and over a socket.
struct ScenarioTests {
  static let all =
    topicScenarios + clusterScenarios + produceScenarios + rawScenarios + readScenarios
    + badInputScenarios + laterScenarios + operationScenarios + deletionScenarios
    + configScenarios

  @Test(arguments: all.filter { !$0.needsSocket })
  func `in process`(_ scenario: Scenario) throws {
    try run(scenario, try InProcess(MemoryStore(), scenario.setup))
  }

  @Test(arguments: all)
  func `over a socket`(_ scenario: Scenario) throws {
    try run(scenario, try OverSocket(MemoryStore(), scenario.setup))
  }

  @Test(arguments: all.filter { !$0.needsSocket })
  func `over the embedded log`(_ scenario: Scenario) throws {
    let time = StillTime()
    var options = StoreOptions(directory: "/data")
    options.geometry = JournalGeometry(blocksPerFile: 1_024, files: 4)
    options.fileSystem = SimulatedFileSystem(seed: 1)
    options.time = time
    let store = try EmbeddedStore(options)
    defer { store.close() }

    try run(scenario, try InProcess(store, scenario.setup))
  }

  @Test func `names tell scenarios apart`() {
    let names = Self.all.map(\.name)

    #expect(Set(names).count == names.count)
  }

  private func run(_ scenario: Scenario, _ client: any Client) throws {
    for ask in scenario.given {
      let seen = try client.send(ask)
      try #require((200..<300).contains(seen.status), "given \(ask.target): \(seen.text)")
    }
    let everything = Ask.get("/topics?detail=true&internal=true")
    let before = try client.send(everything).text

    let seen = try client.send(scenario.ask)

    #expect(seen.status == scenario.status, "\(seen.text)")
    if let type = scenario.type { #expect(seen["Content-Type"] == type) }
    if let body = scenario.body { #expect(seen.text == body) }
    for part in scenario.contains {
      #expect(seen.text.contains(part), "\(part) is not in \(seen.text)")
    }
    for part in scenario.lacks { #expect(!seen.text.contains(part), "\(part) is in \(seen.text)") }
    for (name, value) in scenario.headers { #expect(seen[name] == value, "\(name)") }
    if seen.status >= 400 {
      #expect(try client.send(everything).text == before, "a refusal changes nothing")
      #expect(seen.text.contains("\"error_code\":"), "\(seen.text)")
    }
    for (ask, part) in scenario.effects {
      let effect = try client.send(ask)
      if part.hasPrefix("=") {
        #expect(effect.text == part.dropFirst())
      } else {
        #expect(effect.text.contains(part), "\(part) is not in \(effect.text)")
      }
    }
  }
}
