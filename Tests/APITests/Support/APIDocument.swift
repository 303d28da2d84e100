import Console
import Foundation
import HTTP
import TestSupport

/// The OpenAPI document, as the program has it.
struct APIDocument {
  /// One operation, and where it stands.
  struct Operation {
    /// The method, in small letters.
    let method: String
    /// The path with its parameters' names.
    let path: String
    let object: [String: Any]
    /// The path's parameters by name, as examples show them.
    let parameters: [String: String]

    var name: String { object["operationId"] as? String ?? "\(method) \(path)" }
  }

  /// A request that the document shows, and the answer that it says follows.
  struct Example: CustomStringConvertible {
    let ask: Ask
    let status: Int
    /// The media type and the value of the answer, where an example shows them.
    let answer: (type: String, value: Any)?
    let description: String
  }

  let root: [String: Any]
  /// In the order of the paths; JSONSerialization has none of its own, so that it is read from the
  /// text.
  let operations: [Operation]

  init() throws {
    guard let file = Console.file(for: "/openapi.json"),
      let root = try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any],
      let paths = root["paths"] as? [String: [String: Any]]
    else { throw Failure(description: "no document") }
    self.root = root
    let text = String(decoding: file.bytes, as: UTF8.self)
    let order = paths.keys.sorted {
      text.range(of: "\"\($0)\":{")?.lowerBound ?? text.endIndex
        < text.range(of: "\"\($1)\":{")?.lowerBound ?? text.endIndex
    }
    var operations: [Operation] = []
    for path in order {
      for method in ["get", "post", "put", "patch", "delete"] {
        guard let object = paths[path]?[method] as? [String: Any] else { continue }
        operations.append(
          Operation(
            method: method, path: path, object: object,
            parameters: Self.parameters(paths[path]?["parameters"], object["parameters"], root)))
      }
    }
    self.operations = operations
  }

  /// What `$ref` stands for.
  func resolved(_ value: Any?) -> [String: Any] { Self.resolved(value, root) }

  private static func resolved(_ value: Any?, _ root: [String: Any]) -> [String: Any] {
    guard let object = value as? [String: Any] else { return [:] }
    guard let reference = object["$ref"] as? String else { return object }
    return reference.split(separator: "/").dropFirst().reduce(root) { place, name in
      place[String(name)] as? [String: Any] ?? [:]
    }
  }

  private static func parameters(
    _ common: Any?, _ own: Any?, _ root: [String: Any]
  ) -> [String: String] {
    var found: [String: String] = [:]
    for parameter in (common as? [Any] ?? []) + (own as? [Any] ?? []) {
      let parameter = resolved(parameter, root)
      guard parameter["in"] as? String == "path", let name = parameter["name"] as? String,
        let example = parameter["example"]
      else { continue }
      found[name] = "\(example)"
    }
    return found
  }

  /// The requests that come before each example.
  var given: [Ask] {
    (root["x-given"] as? [[String: Any]] ?? []).map { given in
      Ask(
        method: .init(rawValue: given["method"] as? String ?? "") ?? .get,
        target: given["target"] as? String ?? "", headers: Self.headers(given["headers"]),
        body: Array((given["body"] as? String ?? "").utf8))
    }
  }

  /// All named examples of an operation: a name ties request and answer together.
  func examples(of operation: Operation) throws -> [Example] {
    let requests = operation.object["x-requests"] as? [String: [String: Any]] ?? [:]
    let bodies = namedExamples(operation.object["requestBody"])
    let responses = operation.object["responses"] as? [String: Any] ?? [:]
    var answers: [String: (status: Int, type: String, value: Any)] = [:]
    for (status, response) in responses {
      for (name, (type, value)) in namedExamples(response) {
        answers[name] = (Int(status) ?? 0, type, value)
      }
    }
    let names = Set(requests.keys).union(bodies.keys).union(answers.keys)
    return try names.sorted().map { name in
      let request = requests[name] ?? [:]
      let answer = answers[name]
      guard let status = answer?.status ?? request["status"] as? Int else {
        throw Failure(description: "\(operation.name): nothing answers the example '\(name)'")
      }
      var ask = Ask(
        method: .init(rawValue: operation.method.uppercased()) ?? .get,
        target: request["target"] as? String ?? target(of: operation),
        headers: Self.headers(request["headers"]))
      if let (type, value) = bodies[name] {
        ask.headers.append(("Content-Type", type))
        ask.body = try Self.bytes(of: value, type)
      }
      return Example(
        ask: ask, status: status, answer: answer.map { ($0.type, $0.value) },
        description: "\(operation.name) '\(name)'")
    }
  }

  private func namedExamples(_ holder: Any?) -> [String: (type: String, value: Any)] {
    var found: [String: (String, Any)] = [:]
    for (type, media) in resolved(holder)["content"] as? [String: [String: Any]] ?? [:] {
      for (name, example) in media["examples"] as? [String: [String: Any]] ?? [:] {
        found[name] = (type, example["value"] ?? NSNull())
      }
    }
    return found
  }

  private func target(of operation: Operation) -> String {
    operation.parameters.reduce(operation.path) { path, parameter in
      path.replacingOccurrences(of: "{\(parameter.key)}", with: parameter.value)
    }
  }

  private static func headers(_ value: Any?) -> [(String, String)] {
    (value as? [String: String] ?? [:]).sorted { $0.key < $1.key }
  }

  /// What of a body's example is sent: JSON where the type is JSON, else the text.
  static func bytes(of value: Any, _ type: String) throws -> [UInt8] {
    guard type.hasSuffix("json") && type != "application/x-ndjson" else {
      return Array((value as? String ?? "").utf8)
    }
    return Array(try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed))
  }
}
