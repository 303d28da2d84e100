import HTTP
import TestSupport

/// A request as a test writes it.
struct Ask: Sendable {
  var method: HTTP.Method
  var target: String
  var headers: [(String, String)] = []
  var body: [UInt8] = []

  static func get(_ target: String, accept: String? = nil, _ headers: [(String, String)] = [])
    -> Ask
  {
    Ask(method: .get, target: target, headers: (accept.map { [("Accept", $0)] } ?? []) + headers)
  }

  static func post(
    _ target: String, _ body: String = "", type: String? = "application/json",
    _ headers: [(String, String)] = []
  ) -> Ask {
    .post(target, bytes: Array(body.utf8), type: type, headers)
  }

  static func post(
    _ target: String, bytes: [UInt8], type: String? = "application/json",
    _ headers: [(String, String)] = []
  ) -> Ask {
    Ask(
      method: .post, target: target,
      headers: (type.map { [("Content-Type", $0)] } ?? []) + headers, body: bytes)
  }

  static func patch(_ target: String, _ body: String) -> Ask {
    Ask(
      method: .patch, target: target, headers: [("Content-Type", "application/json")],
      body: Array(body.utf8))
  }

  static func put(_ target: String, _ body: String) -> Ask {
    Ask(
      method: .put, target: target, headers: [("Content-Type", "application/json")],
      body: Array(body.utf8))
  }

  static func delete(_ target: String) -> Ask { Ask(method: .delete, target: target) }

  /// A v2 produce of JSON records.
  static func v2(_ target: String, _ body: String, _ format: String = "json") -> Ask {
    .post(target, body, type: "application/vnd.kafka.\(format).v2+json")
  }

  /// Makes a topic.
  static func make(_ name: String, partitions: Int = 1, config: String = "{}") -> Ask {
    .post("/topics", #"{"name":"\#(name)","partitions":\#(partitions),"config":\#(config)}"#)
  }
}

/// An answer as a test sees it.
typealias Seen = TestHTTPResponse

/// What the server is told when it is made.
struct Setup: Sendable {
  var autoCreate = true
  var defaultPartitions: Int32 = 1
  var rootPage: [UInt8]?
  var maximumBody = 1 << 20
}

/// One request and what must follow, whatever the store and whether there is a socket.
struct Scenario: Sendable {
  /// A sentence.
  let name: String
  var setup = Setup()
  /// What happens before; all of it succeeds.
  var given: [Ask] = []
  let ask: Ask
  let status: Int
  /// The type of the answer.
  var type: String?
  /// The whole body.
  var body: String?
  /// Parts of the body.
  var contains: [String] = []
  /// What the body must not have.
  var lacks: [String] = []
  /// Headers of the answer.
  var headers: [String: String] = [:]
  /// Requests after it, each with a part of the body that must come, or the whole one behind `=`.
  var effects: [(Ask, String)] = []
  /// Only where a socket is: what HTTP itself does.
  var needsSocket = false
}

extension Scenario: CustomStringConvertible {
  var description: String { name }
}
