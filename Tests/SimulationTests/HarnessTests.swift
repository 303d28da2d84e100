import Glibc
import Platform
import TestSupport
import Testing

/// The simulation itself, held against a node without files: it finds every breach and no other.
@Suite struct HarnessTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `a node that keeps its promise passes`(seed: UInt64) {
    var simulation = Simulation(seed: seed, factory: MemoryFactory(seed: seed))

    let report = simulation.run()

    #expect(report.violations == [], "seed \(seed)")
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `failing syncs alone break no promise`(seed: UInt64) {
    var options = Simulation.Options()
    options.failsSyncs = true
    var simulation = Simulation(
      seed: seed, factory: MemoryFactory(seed: seed), options: options)

    #expect(simulation.run().violations == [], "seed \(seed)")
  }

  @Test func `a node that will not start is noticed`() {
    let refusal = StartFailure.refused("journal/00 block 3 is damaged")
    let disk = StartFailure.disk(SystemError(call: "open", subject: "/data", code: EACCES))

    for (failure, reason) in [
      (refusal, "journal/00 block 3 is damaged"), (disk, "open /data: Permission denied"),
    ] {
      let factory = Reluctant(failures: [failure])
      var simulation = Simulation(seed: 1, factory: factory)
      #expect(simulation.run().violations == [.doesNotStart(reason)])
    }
  }

  @Test func `an uncertain start is decided as never acknowledged`() throws {
    let factory = Reluctant(failures: [.uncertain(path: "/journal", range: 2..<5)])
    var simulation = Simulation(seed: 1, factory: factory)
    try simulation.disk.put([1, 2, 3, 4, 5, 6, 7], to: "/journal")
    try simulation.disk.openVolume("/").synchronize()

    let report = simulation.run()

    #expect(simulation.disk.bytes(of: "/journal") == [1, 2, 0, 0, 0, 6, 7])
    #expect(report.undecidedStarts == 1)
    #expect(report.violations == [])
  }

  @Test func `a node that never rests is noticed`() {
    let reports = (1...10 as ClosedRange<UInt64>).map { seed in
      var simulation = Simulation(seed: seed, factory: Reluctant(failures: [], isRestless: true))
      return simulation.run().violations
    }

    #expect(reports.contains([.restless("a node without requests")]))
  }

  @Test(arguments: Breach.allCases)
  func `each breach is noticed by one of twenty seeds`(_ breach: Breach) {
    let seen = (1...20 as ClosedRange<UInt64>).map { seed in
      var simulation = Simulation(seed: seed, factory: MemoryFactory(seed: seed, breach: breach))
      return simulation.run().violations.map(\.kind)
    }

    #expect(seen.contains { !$0.isEmpty })
  }

  @Test func `a seed repeats itself`() {
    func run(_ seed: UInt64) -> [Int] {
      var simulation = Simulation(seed: seed, factory: MemoryFactory(seed: seed))
      let report = simulation.run()
      return [
        report.acknowledged, report.records, report.kills, report.powerCuts, report.operations,
      ]
    }

    for seed: UInt64 in 1...5 { #expect(run(seed) == run(seed)) }
    #expect(Set((1...5).map(run)).count == 5)
  }

  @Test func `all that can happen does`() {
    var total = Simulation.Report()
    for seed: UInt64 in 1...20 {
      var simulation = Simulation(seed: seed, factory: MemoryFactory(seed: seed))
      let report = simulation.run()
      total.acknowledged += report.acknowledged
      total.records += report.records
      total.kills += report.kills
      total.powerCuts += report.powerCuts
      total.crashesAmidOperations += report.crashesAmidOperations
      total.crashesAmidStarts += report.crashesAmidStarts
      total.stops += report.stops
    }

    #expect(total.acknowledged > 500 && total.records > total.acknowledged)
    #expect(total.kills > 10 && total.powerCuts > 10)
    #expect(total.crashesAmidOperations > 5 && total.crashesAmidStarts > 5 && total.stops > 2)
  }

  @Test func `payloads bear their names, whatever their length`() {
    for length in [16, 17, 23, 24, 25, 1_000] {
      let name = RecordName(append: 70_000, part: 3, index: 999)

      let found = Payload.name(of: Payload.record(name, length: length))

      #expect(found?.0 == name && found?.length == length)
    }
    #expect(Payload.name(of: NodeRecord(key: nil, value: [])) == nil)
    #expect(Payload.name(of: NodeRecord(key: nil, value: Array("CURL".utf8))) == nil)
  }

  @Test func `the workload appends, reads, lists, creates and deletes`() {
    var kinds: [String: Int] = [:]
    let checker = Checker()
    var workload = Workload(seed: 1)
    for ticket in 0..<2_000 {
      let action = workload.next(checker)
      guard case .submit(let request) = action else {
        kinds[action == .list ? "list" : "read", default: 0] += 1
        continue
      }
      checker.submitted(request, ticket: ticket)
      switch request {
      case .append(let parts, let level):
        kinds[parts.count > 1 ? "entry of several" : "entry of one", default: 0] += 1
        kinds["\(level)", default: 0] += 1
        if parts.contains(where: { $0.records.contains { $0.value.count > 9_000 } }) {
          kinds["large", default: 0] += 1
        }
        checker.answered(.refused(""), ticket: ticket)
      case .createTopic:
        kinds["create", default: 0] += 1
        checker.answered(.created(id: "\(ticket)"), ticket: ticket)
      case .deleteTopic:
        kinds["delete", default: 0] += 1
        checker.answered(.deleted, ticket: ticket)
      case .deleteRecords:
        kinds["delete records", default: 0] += 1
        checker.answered(.refused(""), ticket: ticket)
      }
    }

    for kind in [
      "list", "read", "entry of one", "entry of several", "disk", "memory", "large", "create",
      "delete", "delete records",
    ] {
      #expect(kinds[kind, default: 0] > 10, "\(kind)")
    }
    #expect(checker.violations == [])
  }
}

/// Fails its first starts; then it is an empty node that may work on for ever.
private final class Reluctant: NodeFactory {
  private var failures: [StartFailure]
  private let isRestless: Bool

  init(failures: [StartFailure], isRestless: Bool = false) {
    self.failures = failures
    self.isRestless = isRestless
  }

  func start(
    on files: any FileSystem, time: any TimeSource, entropy: any Entropy
  ) throws(StartFailure) -> any SimulatedNode {
    if !failures.isEmpty { throw failures.removeFirst() }
    return Shown(logs: [], listing: [], isRestless: isRestless)
  }
}
