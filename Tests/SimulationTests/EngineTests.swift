import Embedded
import Foundation
import Testing

/// The embedded engine under crashes, failing syncs, full disks and rot. A seed that fails fails
/// again: `CURLEW_SEED=17 CURLEW_SEEDS=1 swift test --filter EngineTests`.
@Suite struct EngineTests {
  static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["CURLEW_SEED"].flatMap { UInt64($0) } ?? 1
    let count = environment["CURLEW_SEEDS"].flatMap { UInt64($0) } ?? 200
    return first..<first + max(1, count)
  }()

  static func run(_ seed: UInt64) -> Simulation.Report {
    let profile = EngineProfile(seed: seed)
    var simulation = Simulation(
      seed: seed, factory: EngineFactory(profile: profile), options: profile.options)
    return simulation.run()
  }

  @Test(arguments: seeds) func `the engine keeps its promise`(seed: UInt64) {
    let report = Self.run(seed)

    #expect(report.violations == [], "seed \(seed), \(report.place)")
  }

  @Test func `all that can happen to the engine does`() {
    var total = Simulation.Report()
    for seed: UInt64 in 1...90 {
      let report = Self.run(seed)
      total.acknowledged += report.acknowledged
      total.refused += report.refused
      total.unknown += report.unknown
      total.kills += report.kills
      total.powerCuts += report.powerCuts
      total.crashesAmidOperations += report.crashesAmidOperations
      total.crashesAmidStarts += report.crashesAmidStarts
      total.stops += report.stops
      total.undecidedStarts += report.undecidedStarts
      total.failedSyncs += report.failedSyncs
      total.fullDisks += report.fullDisks
      total.rotten += report.rotten
      total.advances += report.advances
      total.gone += report.gone
      total.refusedRot += report.refusedRot
      total.damaged += report.damaged
    }

    #expect(total.acknowledged > 2_000 && total.refused > 20 && total.unknown > 5, "\(total)")
    #expect(total.kills > 50 && total.powerCuts > 50 && total.stops > 10, "\(total)")
    #expect(total.crashesAmidOperations > 50 && total.crashesAmidStarts > 20, "\(total)")
    #expect(total.failedSyncs > 10 && total.fullDisks > 10, "\(total)")
    #expect(total.rotten > 10 && total.refusedRot > 0 && total.damaged > 0, "\(total)")
    #expect(total.advances > 100 && total.gone > 1_000, "\(total)")
    #expect(total.undecidedStarts > 0, "\(total)")
  }

  @Test func `a seed repeats itself on the engine`() {
    func run(_ seed: UInt64) -> [Int] {
      let report = Self.run(seed)
      return [report.acknowledged, report.records, report.kills, report.operations]
    }

    for seed: UInt64 in 1...5 { #expect(run(seed) == run(seed)) }
  }
}
