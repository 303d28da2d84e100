public import Model
public import Platform
public import Store

/// Makes a state machine durable by keeping its records in a compacted topic.
///
/// It keeps one value of the machine. Records are applied as they get their offsets, so commands in
/// one sync window see each other; every answer, be it a reply, a refusal or a read, is parked
/// until the newest record that the value holds is durable. That is one sync at most, and none when
/// nothing changed. Its own lock comes before the store's.
public final class StateLog<Machine: StateMachine>: Sendable {
  private struct State: Sendable {
    var machine: Machine
    /// The offset of the newest record that `machine` holds; -1 before the first.
    var newest: Offset = -1
  }

  /// What a command came to.
  public typealias Outcome = Result<Machine.Reply, Machine.Rejection>

  private let partition: any StatePartition
  private let time: any TimeSource
  private let state: Lock<State>

  /// A state log over `partition` that begins with `machine`, whose newest record has the offset
  /// `newest`.
  public init(
    _ machine: consuming Machine, newest: Offset = -1, partition: any StatePartition,
    time: any TimeSource
  ) {
    self.partition = partition
    self.time = time
    state = Lock(State(machine: machine, newest: newest))
  }

  /// Rebuilds the value from `empty` and all that the topic holds. Blocks; only at start.
  public func load(from empty: Machine) throws(StoreError) {
    var rebuilt = State(machine: empty)
    try partition.replay { offset, stored in
      if let record = Machine.decode(key: stored.key, value: stored.value) {
        rebuilt.machine.apply(record)
      }
      rebuilt.newest = offset
    }
    state.withLock { $0 = rebuilt }
  }

  /// Decides `command` and makes it so. The reply comes when all that it rests on is durable; a
  /// failure of the store before anything was done comes as that error, one after it as
  /// `commitUnknown`.
  public func submit(_ command: Machine.Command, reply: Reply<Outcome>) {
    let now = time.now
    let decided: Result<(outcome: Outcome, newest: Offset), StoreError> = state.withLock { state in
      let decision: Decision<Machine.Record, Machine.Reply>
      do throws(Machine.Rejection) {
        decision = try state.machine.decide(command, now: now)
      } catch {
        return .success((.failure(error), state.newest))
      }
      guard !decision.records.isEmpty || !decision.appends.isEmpty else {
        return .success((.success(decision.reply), state.newest))
      }
      let encoded = decision.records.map { record in
        let (key, value) = Machine.encode(record)
        return StateRecord(key: key, value: value)
      }
      do throws(StoreError) {
        state.newest = try partition.append(encoded, with: decision.appends)
      } catch {
        return .failure(error)
      }
      for record in decision.records { state.machine.apply(record) }
      return .success((.success(decision.reply), state.newest))
    }
    switch decided {
    case .failure(let error): reply(.failure(error))
    case .success(let (outcome, newest)): park(outcome, until: newest, reply)
    }
  }

  /// Asks the machine a question. The answer comes when all that it shows is durable.
  public func read<Value: Sendable>(_ question: (borrowing Machine) -> Value, reply: Reply<Value>) {
    let (value, newest) = state.withLock { (question($0.machine), $0.newest) }
    park(value, until: newest, reply)
  }

  /// Asks the machine a question about its sequenced state, for decisions only: nobody outside may
  /// be told the answer.
  public func peek<Value: Sendable>(_ question: (borrowing Machine) -> Value) -> Value {
    state.withLock { question($0.machine) }
  }

  private func park<Value: Sendable>(_ value: Value, until newest: Offset, _ reply: Reply<Value>) {
    guard newest >= 0 else { return reply(.success(value)) }
    partition.whenDurable(
      newest,
      reply: Reply(on: reply.queue) { result in
        reply.body(result.map { value })
      })
  }
}
