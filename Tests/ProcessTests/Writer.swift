import Synchronization
import TestSupport

/// One client under load: it sends one request after another until the server is gone.
struct Writer {
  let number: Int
  let round: Int
  let port: UInt16
  let ledger: Mutex<Ledger>.Shared
  /// Called after each answer.
  let answered: @Sendable () -> Void

  /// Returns whether a request was sent whole and had no answer when the connection broke.
  func run(seed: UInt64) -> Bool {
    var random = SeededGenerator(seed: seed)
    guard let client = try? TestHTTPClient(port: port) else { return false }
    for request in 0... {
      let values = makeValues(request, &random)
      let partition = Bool.random(using: &random) ? Int.random(in: 0..<3, using: &random) : nil
      let id = ledger.value.withLock { $0.send(values) }
      guard (try? post(values, partition, client)) != nil else { return false }
      guard let response = try? client.readResponse() else { return true }
      ledger.value.withLock { ledger in
        if response.status == 200 {
          ledger.acknowledge(id, at: RecordText.places(response.body))
        } else {
          ledger.refuse(id, "\(response.status) \(response.text.prefix(200))")
        }
      }
      answered()
    }
    return false
  }

  /// One event, or some as NDJSON; without a partition the server chooses for each.
  private func post(_ values: [String], _ partition: Int?, _ client: TestHTTPClient) throws {
    let query = partition.map { "?partition=\($0)" } ?? "?key_path=/key"
    let isSingle = values.count == 1
    try client.request(
      "POST", "/topics/kills" + (isSingle && partition == nil ? "" : query),
      headers: [("Content-Type", isSingle ? "application/json" : "application/x-ndjson")],
      body: Array(values.joined(separator: "\n").utf8))
  }

  /// Events that nobody else sends, of sizes that end anywhere in a block.
  private func makeValues(_ request: Int, _ random: inout SeededGenerator) -> [String] {
    let count =
      Int.random(in: 0..<3, using: &random) > 0 ? 1 : Int.random(in: 2...20, using: &random)
    return (0..<count).map { line in
      let padding = String(repeating: "x", count: Int.random(in: 0...3000, using: &random))
      let key = Int.random(in: 0..<100, using: &random)
      return
        #"{"key":"k\#(key)","event":"\#(round)-\#(number)-\#(request)-\#(line)","padding":"\#(padding)"}"#
    }
  }
}

extension Mutex {
  /// A mutex that several threads can name.
  final class Shared: Sendable {
    let value: Mutex<Value>
    init(_ value: sending Value) { self.value = Mutex(value) }
  }
}
