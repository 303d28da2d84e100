import CommitLog
import Embedded
import Testing

/// Each rule that holds the promise up is broken on purpose, and some seed notices: what the
/// simulation does not notice it does not test.
@Suite struct SabotageTests {
  /// Whether a violation is seen under one of the first `count` seeds, and none under the same seed
  /// with all rules kept.
  private func isNoticed(
    _ sabotage: Sabotage, within count: UInt64, _ adapt: (inout EngineProfile) -> Void
  ) -> Bool {
    for seed in 1...count {
      var profile = EngineProfile(seed: seed)
      profile.options.failsSyncs = false
      profile.options.fillsDisk = false
      profile.options.rot = nil
      adapt(&profile)
      guard !violations(seed, profile, sabotage).isEmpty else { continue }
      return violations(seed, profile, []).isEmpty
    }
    return false
  }

  private func violations(
    _ seed: UInt64, _ profile: EngineProfile, _ sabotage: Sabotage
  ) -> [Violation] {
    var simulation = Simulation(
      seed: seed, factory: EngineFactory(profile: profile, sabotage: sabotage),
      options: profile.options)
    return simulation.run().violations
  }

  @Test func `a reply before the sync is noticed`() {
    #expect(isNoticed(.replyBeforeSync, within: 50) { _ in })
  }

  @Test func `a frame of two writers' blocks is noticed`() {
    #expect(isNoticed(.judgeByPositionOnly, within: 100) { $0.endAmidTheFirstFrame() })
  }

  @Test func `a frame that does not follow the last one is noticed`() {
    let isNoticed = isNoticed(.ignorePreviousFrame, within: 200) { profile in
      profile.options.rot = .journal
      profile.options.threads = [.commit, .commit, .housekeep]
      profile.options.limits.large = 500
    }
    #expect(isNoticed)
  }

  @Test func `a journal file that is used again too early is noticed`() {
    let isNoticed = isNoticed(.recycleEarly, within: 100) { profile in
      profile.geometry = JournalGeometry(blocksPerFile: 16, files: 4)
      profile.options.rot = .snapshot
    }
    #expect(isNoticed)
  }

  @Test func `a directory that is never synced is noticed`() {
    #expect(isNoticed(.noDirectorySync, within: 50) { _ in })
  }

  @Test func `a superblock before what it stands on is noticed`() {
    let isNoticed = isNoticed(.superblockFirst, within: 200) { profile in
      profile.geometry = JournalGeometry(blocksPerFile: 128, files: 4)
      profile.options.rounds = 10
      profile.options.steps = 300
      profile.options.aimsAtCheckpoints = true
    }
    #expect(isNoticed)
  }
}
