import Glibc
import Platform
import Synchronization
import TestSupport
import Testing

/// The real process, killed under load. What a kill cannot show, the simulator does.
@Suite struct KillTests {
  /// More for `make soak`.
  static let rounds = getenv("CURLEW_KILL_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 20
  static let seed = getenv("CURLEW_SEED").flatMap { UInt64(String(cString: $0)) } ?? 4711
  private let writers = 6
  private let partitions = 3

  @Test(arguments: [seed])
  func `kill -9 under load loses nothing that was acknowledged`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let ledger = Mutex<Ledger>.Shared(Ledger())
    try createTopic(in: directory.path)
    var counted = 0
    var attempts = 0

    while counted < Self.rounds, attempts < 3 * Self.rounds {
      let server = try ServerProcess(directory: directory.path)
      try check(server, ledger, "seed \(seed), before attempt \(attempts)")
      let unanswered = try load(
        server, ledger, round: attempts, killAfter: Int.random(in: 1...150, using: &random),
        seed: random.next())
      if unanswered > 0 { counted += 1 }
      attempts += 1
    }

    #expect(
      counted == Self.rounds, "in \(attempts) attempts a request was unanswered \(counted) times")
    #expect(ledger.value.withLock { $0.promises } > Self.rounds)
    try check(ServerProcess(directory: directory.path), ledger, "seed \(seed), at the end")
  }

  private func createTopic(in directory: String) throws {
    let server = try ServerProcess(directory: directory)
    let topic = #"{"name":"kills","partitions":\#(partitions)}"#
    let response = try TestHTTPClient(port: server.port).send(
      "POST", "/topics", headers: [("Content-Type", "application/json")], body: Array(topic.utf8))
    try #require(response.status / 100 == 2, "\(response.text)")
  }

  /// Reads all there is, and holds it against the ledger.
  private func check(
    _ server: ServerProcess, _ ledger: Mutex<Ledger>.Shared, _ when: String
  ) throws {
    let client = try TestHTTPClient(port: server.port)
    let records = try (0..<partitions).flatMap { partition in
      let response = try client.send(
        "GET", "/topics/kills/records?partition=\(partition)",
        headers: [("Accept", "application/x-ndjson")])
      try #require(response.status == 200, "\(when): \(response.text.prefix(200))")
      return RecordText.records(response.body)
    }
    let faults = ledger.value.withLock { $0.check(records) }

    let worst = faults.prefix(5).joined(separator: "; ")
    try #require(worst == "", "\(when): \(faults.count) faults")
  }

  /// Lets the writers loose and kills the server when `killAfter` answers have come. How many
  /// writers had no answer to a request that they had sent.
  private func load(
    _ server: ServerProcess, _ ledger: Mutex<Ledger>.Shared, round: Int, killAfter: Int,
    seed: UInt64
  ) throws -> Int {
    let countdown = Countdown(killAfter) { server.kill() }
    let unanswered = Mutex<Int>.Shared(0)
    let workers = try (0..<writers).map { number in
      let writer = Writer(
        number: number, round: round, port: server.port, ledger: ledger,
        answered: { countdown.step() })
      let seed = seed &+ UInt64(number)
      return try Worker("writer") {
        if writer.run(seed: seed) { unanswered.value.withLock { $0 += 1 } }
      }
    }
    for worker in workers { worker.join() }
    #expect(server.wait() == 128 + SIGKILL, "the server ended by itself")
    return unanswered.value.withLock { $0 }
  }
}

/// Calls `zero` at the step that was said, and at no other.
private final class Countdown: Sendable {
  private let left: Atomic<Int>
  private let zero: @Sendable () -> Void

  init(_ steps: Int, _ zero: @escaping @Sendable () -> Void) {
    left = Atomic(steps)
    self.zero = zero
  }

  func step() {
    if left.subtract(1, ordering: .relaxed).newValue == 0 { zero() }
  }
}
