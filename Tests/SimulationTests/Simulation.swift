import Glibc
import Platform
import TestSupport

/// Lives of a node on one simulated disk, ended by kills, power cuts and crashes in the middle of
/// an operation, at starts too. All of it follows from the seed.
struct Simulation {
  struct Options {
    /// Lives of the node.
    var rounds = 4
    /// Steps of clients and threads in one life.
    var steps = 300
    /// The most operations of the disk before a crash that is due amid one.
    var crashWithin = 250
    /// Whose step comes next: one of these.
    var threads: [NodeThread] = [
      .commit, .commit, .commit, .materialise, .materialise, .checkpoint, .housekeep,
    ]
    /// Whether lives end amid a checkpoint, rather than anywhere.
    var aimsAtCheckpoints = false
    /// Whether syncs and writes fail now and then.
    var failsSyncs = false
    /// Whether the disk is full for a while now and then.
    var fillsDisk = false
    /// What decays while the node is down.
    var rot: Rot?
    /// Whether the node lets records go that are too many or too old.
    var expires = false
    var limits = Workload.Limits()
  }

  /// What happened, to see that something did.
  struct Report {
    var violations: [Violation] = []
    var acknowledged = 0
    var records = 0
    var refused = 0
    var unknown = 0
    var kills = 0
    var powerCuts = 0
    var crashesAmidOperations = 0
    var crashesAmidStarts = 0
    var stops = 0
    var undecidedStarts = 0
    var failedSyncs = 0
    var fullDisks = 0
    var rotten = 0
    var refusedRot = 0
    /// Ranges of records that were reported as damaged at the end.
    var damaged = 0
    /// Where the first violation was seen.
    var place = ""
    var operations = 0
    var advances = 0
    /// Offsets below the starts that were seen.
    var gone: Int64 = 0
  }

  let seed: UInt64
  private let factory: any NodeFactory
  let options: Options
  let disk: SimulatedFileSystem
  private let time = ManualTime()
  let checker: Checker
  var random: SeededRandom
  private var workload: Workload
  private var nextTicket = 0
  private var levels: [Int: NodeRequest.Level] = [:]
  var report = Report()
  /// Whether something has decayed that a node survives only once.
  var hasRotted = false
  /// Everything that has decayed so far, the oldest first.
  var decays: [Decay] = []

  init(seed: UInt64, factory: any NodeFactory, options: Options = Options()) {
    self.seed = seed
    self.factory = factory
    self.options = options
    checker = Checker(allowsExpiry: options.expires)
    random = SeededRandom(seed: seed)
    disk = SimulatedFileSystem(seed: random.next())
    workload = Workload(seed: random.next(), limits: options.limits)
    disk.shortWriteProbability = random.coin() ? 0 : 0.1
    disk.cacheMissProbability = random.coin() ? 0 : 0.3
    disk.refusesDirect = random.below(4) == 0
  }

  mutating func run() -> Report {
    for round in 0..<options.rounds where checker.violations.isEmpty {
      guard let node = start() else {
        notice("at start \(round)")
        break
      }
      checker.verify(node)
      notice("after start \(round)")
      live(node, round)
      end(node)
      notice("at the end of life \(round)")
    }
    // A last start, so that the last crash is looked at too.
    if checker.violations.isEmpty, let node = start(calmly: true) {
      checker.verify(node)
      report.damaged = node.damage().count
    }
    notice("at the last start")
    report.violations = checker.violations
    report.operations = disk.operationCount
    report.gone = checker.lives.reduce(0) { $0 + $1.logs.reduce(0) { $0 + $1.start } }
    return report
  }

  private mutating func notice(_ place: @autoclosure () -> String) {
    if report.place.isEmpty, !checker.violations.isEmpty { report.place = place() }
  }

  // Starts.

  private mutating func start(calmly: Bool = false) -> (any SimulatedNode)? {
    var decay: Decay?
    for attempt in 0..<20 {
      // The later attempts are left in peace, so that there is an end.
      if !calmly, attempt < 5, random.below(5) < 2 {
        disk.crashAfterOperations = random.below([4, 20, 80][random.below(3)])
      }
      if !calmly, attempt == 0 { decay = self.decay() }
      let entropy = SeededEntropy(seed: random.next())
      do throws(StartFailure) {
        let node = try factory.start(on: disk.startProcess(), time: time, entropy: entropy)
        guard disk.isCrashed else { return node }
        // What is only tidied up may fail at the end of a start, unheard.
        report.crashesAmidStarts += 1
        crash()
      } catch {
        if let found = decay, !disk.isCrashed, found.mayStop {
          // It says what is damaged, and changes nothing: once that is mended it goes on.
          report.refusedRot += 1
          disk.kill()
          disk.corrupt(found.path, at: found.at, [found.was])
          decay = nil
          continue
        }
        guard goOn(after: error) else { return nil }
      }
    }
    checker.report(.restless("start"))
    return nil
  }

  /// Whether another start may succeed where this one failed.
  private mutating func goOn(after failure: StartFailure) -> Bool {
    if disk.isCrashed {
      report.crashesAmidStarts += 1
      crash()
      return true
    }
    switch failure {
    case .uncertain(let path, let range):
      // The operator says that the frame was never acknowledged. If it was, its records are missed
      // at the next start.
      report.undecidedStarts += 1
      disk.kill()
      disk.corrupt(path, at: range.lowerBound, [UInt8](repeating: 0, count: range.count))
      return true
    case .disk(let error): checker.report(.doesNotStart(error.description))
    case .refused(let why): checker.report(.doesNotStart(why))
    }
    return false
  }

  // Life.

  private mutating func live(_ node: any SimulatedNode, _ round: Int) {
    if !disk.isCrashed, disk.crashAfterOperations == nil, !options.aimsAtCheckpoints,
      random.below(3) > 0
    {
      disk.crashAfterOperations = random.below(options.crashWithin)
    }
    if options.failsSyncs, random.coin() { failSomething() }
    for number in 0..<random.within(options.steps / 4...options.steps) {
      if disk.isCrashed { return }
      if options.fillsDisk, random.below(25) == 0 { fillDisk() }
      if random.below(5) < 2 { act(node) } else { step(node) }
      takeAnswers(node)
      notice("in life \(round), step \(number)")
    }
  }

  /// From some operation on one of these fails, once.
  private mutating func failSomething() {
    report.failedSyncs += 1
    let operation = [DiskOperation.write, .synchronize, .synchronizeVolume, .synchronizeDirectory]
    let code = [EIO, ENOSPC][random.below(2)]
    disk.add(
      Fault([operation[random.below(4)]], code: code, skipping: random.below(30)) { path in
        path.contains("/data")
      })
  }

  private mutating func act(_ node: any SimulatedNode) {
    let isFaulty = options.failsSyncs
    switch workload.next(checker) {
    case .submit(let request):
      let ticket = nextTicket
      nextTicket += 1
      if case .append(_, let level) = request { levels[ticket] = level }
      checker.submitted(request, ticket: ticket)
      node.submit(request, ticket: ticket)
    case .read(let topic, let partition, let offset, let maxBytes):
      let answer = node.read(topic, partition, from: offset, maxBytes: maxBytes)
      // What a dying process still answers is as good as any other answer.
      checker.observed(
        answer, of: topic, partition, from: offset, faulty: isFaulty || disk.isCrashed)
    case .list:
      if let topics = node.topics() { checker.observed(topics, settled: false) }
    }
  }

  private mutating func step(_ node: any SimulatedNode) {
    // Time goes in small steps, and now and then so far that a checkpoint is due.
    let isPause = random.below(60) == 0
    time.advance(by: isPause ? .seconds(11) : .microseconds(random.below(3_000)))
    var thread = options.threads[random.below(options.threads.count)]
    if isPause, options.aimsAtCheckpoints {
      _ = node.step(.materialise)
      disk.crashAfterOperations = random.below(10)
      thread = .checkpoint
    }
    _ = node.step(thread)
  }

  private mutating func takeAnswers(_ node: any SimulatedNode) {
    for (ticket, answer) in node.takeAnswers() {
      switch answer {
      case .appended:
        report.acknowledged += 1
      case .refused: report.refused += 1
      case .unknown: report.unknown += 1
      case .advanced: report.advances += 1
      case .created, .deleted: break
      }
      checker.answered(answer, ticket: ticket, level: levels[ticket] ?? .disk)
    }
  }

  // Ends.

  private mutating func end(_ node: any SimulatedNode) {
    if disk.isCrashed {
      // Threads of a process that cannot reach its disk go on for a while, and answer what they
      // can.
      for _ in 0..<random.below(20) { _ = node.step(NodeThread.allCases[random.below(4)]) }
      takeAnswers(node)
      report.crashesAmidOperations += 1
    } else if random.below(4) == 0 {
      disk.free = 1 << 40
      disk.crashAfterOperations = random.coin() ? nil : random.below(30)
      node.stop()
      takeAnswers(node)
      expectAnswers()
      report.stops += 1
    } else if random.coin() {
      disk.free = 1 << 40
      rest(node)
      expectAnswers()
    }
    disk.free = 1 << 40
    report.records = checker.appends.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.seen } }
    disk.clearFaults()
    crash()
  }

  /// Lets all threads finish what there is to do.
  private mutating func rest(_ node: any SimulatedNode) {
    for _ in 0..<100_000 {
      let didWork = NodeThread.allCases.map(node.step)
      takeAnswers(node)
      if disk.isCrashed || !didWork.contains(true) { return }
    }
    checker.report(.restless("a node without requests"))
  }

  /// A node that has come to rest, on a disk that answers, has answered everybody.
  private func expectAnswers() {
    if !disk.isCrashed, checker.openCount > 0 { checker.report(.unanswered(checker.openCount)) }
  }

  private mutating func crash() {
    if random.coin() {
      disk.kill()
      report.kills += 1
    } else {
      disk.cutPower()
      report.powerCuts += 1
    }
    checker.crashed()
  }
}
