import API
import Console
import Foundation
import HTTP
import Model
import TestSupport
import Testing

/// The OpenAPI document says what the server does, and nothing else.
@Suite struct `The OpenAPI document` {
  let document: APIDocument

  init() throws { document = try APIDocument() }

  @Test func `has every route, and no other, in the order of the table`() throws {
    let surface = try Surface(MemoryStore())
    // What lies below the console's folder is its own business.
    let routes = (surface.api.routes + Console.routes)
      .filter { !$0.pattern.hasPrefix("/console/") }
    var paths: [String] = []
    for route in routes where !paths.contains(route.pattern) { paths.append(route.pattern) }
    var documented: [String] = []
    for operation in document.operations where !documented.contains(operation.path) {
      documented.append(operation.path)
    }

    #expect(documented == paths)
    #expect(
      Set(document.operations.map { "\($0.method.uppercased()) \($0.path)" })
        == Set(routes.map { "\($0.method.rawValue) \($0.pattern)" }))
  }

  @Test func `describes each operation, and leaves no answer open`() throws {
    #expect(Set(document.operations.map(\.name)).count == document.operations.count)
    for operation in document.operations {
      for field in ["operationId", "summary", "description"] {
        let text = operation.object[field] as? String
        #expect(text?.isEmpty == false, "\(operation.name) has no \(field)")
      }
      let responses = try #require(operation.object["responses"] as? [String: Any])
      #expect(responses["default"] == nil, "\(operation.name)")
      #expect(!(try document.examples(of: operation)).isEmpty, "\(operation.name) has no example")
    }
  }

  @Test func `names the settings that there are`() throws {
    let components = try #require(document.root["components"] as? [String: [String: Any]])
    let schema = try #require(components["schemas"]?["SettingName"] as? [String: Any])

    #expect(
      schema["enum"] as? [String] == Settings.all.filter { $0.scope == .topic }.map(\.name))
  }

  @Test func `is a sound one, and the same in JSON and YAML`() throws {
    _ = try ThirdParty.run("openapi.py", ["check"])
  }

  @Test func `has examples that the server answers as it says`() throws {
    var answers = Answers()
    for operation in document.operations {
      for example in try document.examples(of: operation) {
        let client = try OverSocket(MemoryStore(), Setup(rootPage: Array("<html>".utf8)))
        for ask in document.given { #expect(try client.send(ask).status / 100 == 2) }

        let seen = try client.send(example.ask)

        answers.add(example.ask, seen)
        #expect(seen.status == example.status, "\(example): \(seen.text.prefix(300))")
        guard let answer = example.answer else { continue }
        if answer.type != "*/*" {
          #expect(seen["Content-Type"]?.hasPrefix(answer.type) == true, "\(example)")
        }
        try expect(seen, toShow: answer.value, example)
      }
    }

    try answers.holdAgainstDocument()
  }

  @Test func `covers what every scenario is answered`() throws {
    var answers = Answers()
    for scenario in ScenarioTests.all {
      let client = try OverSocket(MemoryStore(), scenario.setup)
      for ask in scenario.given + [scenario.ask] + scenario.effects.map(\.0) {
        answers.add(ask, try client.send(ask))
      }
    }

    try answers.holdAgainstDocument()
  }

  /// What an example shows is there, but for values that are new in each run; a list may go on.
  private func expect(_ seen: Seen, toShow value: Any, _ example: APIDocument.Example) throws {
    guard seen["Content-Type"]?.hasSuffix("json") == true,
      seen["Content-Type"] != "application/x-ndjson"
    else {
      return
    }
    let actual = try JSONSerialization.jsonObject(
      with: Data(seen.body), options: .fragmentsAllowed)
    #expect(
      Self.shows(actual, value), "\(example): \(seen.text.prefix(2_000)) does not show \(value)")
  }

  private static let new: Set<String> = [
    "id", "next", "request_id", "timestamp", "bytes", "segments", "version",
  ]

  private static func shows(_ actual: Any, _ example: Any) -> Bool {
    if let example = example as? [String: Any], let actual = actual as? [String: Any] {
      return example.allSatisfy { name, value in
        guard let there = actual[name] else { return false }
        return new.contains(name) || shows(there, value)
      }
    }
    if let example = example as? [Any], let actual = actual as? [Any] {
      return example.count <= actual.count && zip(actual, example).allSatisfy(shows)
    }
    return actual as? AnyHashable == example as? AnyHashable
  }
}

/// Answers of the server, to be held against the document by others' validators.
private struct Answers {
  private var rows: [[String: Any]] = []

  mutating func add(_ ask: Ask, _ seen: Seen) {
    rows.append([
      "method": ask.method.rawValue, "target": ask.target, "status": seen.status,
      "headers": seen.headers.map { [$0.name, $0.value] },
      "body": Data(seen.body).base64EncodedString(),
    ])
  }

  func holdAgainstDocument() throws {
    let directory = try TemporaryDirectory()
    let file = URL(filePath: directory.path).appending(path: "answers.json")
    try JSONSerialization.data(withJSONObject: rows).write(to: file)

    _ = try ThirdParty.run("openapi.py", ["answers", file.path])
  }
}
