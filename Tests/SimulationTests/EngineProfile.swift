import CommitLog
import Embedded
import Model
import TestSupport

/// How the engine runs under one seed: shapes and bounds small enough that files wrap, entries span
/// many blocks and queues fill.
struct EngineProfile {
  var geometry: JournalGeometry
  var limits = Limits()
  /// When segments end.
  var segmentBytes: Int
  var segmentMilliseconds: Int
  /// When records go; `nil` keeps them.
  var retentionBytes: Int?
  var retentionMilliseconds: Int?
  var diskReserve: UInt64
  var options = Simulation.Options()

  /// The profile of `seed`: each of its parts comes in all combinations.
  init(seed: UInt64) {
    var random = SeededRandom(seed: seed ^ 0x5EED)
    let shapes: [(UInt64, UInt64)] = [(16, 4), (16, 8), (32, 5), (64, 4), (128, 4)]
    let (blocks, files) = shapes[random.below(shapes.count)]
    geometry = JournalGeometry(blocksPerFile: blocks, files: files)
    segmentBytes = [2_000, 30_000, 1 << 20][random.below(3)]
    segmentMilliseconds = [3_000, 86_400_000][random.below(2)]
    limits.tailBytes = [0, 10_000, 16 << 20][random.below(3)]
    limits.unwrittenBytes = [5_000, 50_000, 32 << 20][random.below(3)]
    limits.waitingBytes = [20_000, 64 << 20][random.below(2)]
    retentionBytes = [nil, nil, 4_000][random.below(3)]
    retentionMilliseconds = [nil, nil, 15_000][random.below(3)]
    diskReserve = [0, 32_768][random.below(2)]
    options.expires = retentionBytes != nil || retentionMilliseconds != nil
    options.limits.large = min(40_000, geometry.entryLimit - 1_000)
    options.failsSyncs = random.below(4) == 0
    options.fillsDisk = random.below(4) == 0
    options.rot = random.below(3) == 0 ? Simulation.Rot.allCases.randomElement(using: &random) : nil
    switch random.below(6) {
    case 0, 1: liveShortly()
    case 2: endAmidTheFirstFrame()
    case 3: options.aimsAtCheckpoints = true
    default: break
    }
  }

  /// Many short lives, most of whose entries are large.
  mutating func liveShortly() {
    options.rounds = 10
    options.steps = 60
    options.crashWithin = 25
    options.limits.largeShare = 2
  }

  /// Lives that end amid their first frame, all frames of about the same size: what one leaves lies
  /// where the next begins.
  mutating func endAmidTheFirstFrame() {
    geometry = JournalGeometry(blocksPerFile: 128, files: 4)
    options.rounds = 30
    options.steps = 30
    options.crashWithin = 1
    options.threads = [.commit]
    options.limits.open = 2
    options.limits.parts = 1
    options.limits.records = 1
    options.limits.large = 20_000
    options.limits.largeShare = 1
  }

  var configuration: TopicConfiguration {
    TopicConfiguration(recorded: [
      "segment.ms": String(segmentMilliseconds),
      "retention.bytes": String(retentionBytes ?? -1),
      "retention.ms": String(retentionMilliseconds ?? -1),
    ])
  }
}
