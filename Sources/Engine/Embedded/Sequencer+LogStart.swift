internal import CommitLog
internal import Model
internal import Platform
internal import Store

/// The log start of a partition, moved up to an offset.
struct LogStartAdvance: Equatable {
  let partition: PartitionNumber
  let offset: Offset
}

extension Sequencer {
  /// Moves log starts, all in one entry; `reply` is told when it is durable. Partitions that are
  /// gone meanwhile are left out, and that is an error only where none is left and somebody waits.
  ///
  /// It is not held back for room: it is what makes some.
  func advance(_ advances: [LogStartAdvance], reply: AppendReply? = nil) throws(StoreError) {
    let wall = time.wallMilliseconds
    let result: Result<Bool, StoreError> = state.withLock { state in
      do throws(StoreError) {
        try state.checkOpen()
        var rows: [RowContent] = []
        for advance in advances {
          guard reply != nil || state.slots[advance.partition]?.logStart ?? .max < advance.offset
          else { continue }
          state.slots[advance.partition]?.advance(to: advance.offset, wall: wall, into: &rows)
        }
        guard !rows.isEmpty else {
          if reply != nil { throw .unavailable("The topic is being deleted.") }
          return .success(false)
        }
        let wasEmpty = state.queue.entries.isEmpty
        let starts = rows.filter { $0.row.kind == .logStart }.map(\.row.baseOffset)
        let cost = rows.reduce(0) { $0 + $1.cost }
        state.enqueue(Sequenced(rows: rows, cost: cost, isAwaited: reply != nil))
        if let reply {
          let outcome = AppendOutcome(
            baseOffsets: starts, leaderEpoch: leaderEpoch, durability: isVolatile ? .memory : .disk)
          state.queue.answers.append(AppendAnswer(reply, .success(outcome)))
        }
        return .success(wasEmpty)
      } catch {
        return .failure(error)
      }
    }
    if try result.get() { commitParking.wake() }
  }
}

extension Sequencer.Slot {
  /// An advance to the very end begins a new segment first, so that nothing keeps the old one.
  fileprivate mutating func advance(
    to offset: Offset, wall: Timestamp, into rows: inout [RowContent]
  ) {
    logStart = max(logStart, min(offset, end))
    if logStart == end, let row = roll(wall) { rows.append(RowContent(row: row)) }
    rows.append(
      RowContent(
        row: Row(
          entry: 0, kind: .logStart, partition: number, baseOffset: logStart, appendTime: wall)))
  }
}
