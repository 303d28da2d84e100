public import Model
internal import Platform

/// What a read came to.
public enum ReadOutcome: Sendable {
  /// Whole batches, as far as they are durable; empty at the end.
  case batches([RecordBatch])
  /// The device is needed: read again from a thread that may block.
  case wouldBlock
  /// The offset lies outside; the range as it is now.
  case outOfRange(start: Offset, end: Offset)
  /// The partition has been deleted.
  case deleted
  /// The offset was acknowledged and cannot be read any more, as all of this range.
  case damaged(Range<Offset>)
}

extension PartitionLog {
  /// Batches from the one that holds `offset` on, about `maxBytes` of them and at least one.
  ///
  /// From memory where the tail reaches back so far, else from the segments in `directory`.
  /// `mayBlock` says whether it may wait for the device.
  public func read(
    from offset: Offset, maxBytes: Int, in directory: String, cache: FileCache, mayBlock: Bool
  ) throws(LogError) -> ReadOutcome {
    let (found, segment): (ReadOutcome?, ReadableSegment?) = view.withLock { view in
      if view.isDeleted { return (.deleted, nil) }
      guard offset >= view.logStart, offset <= view.highWatermark else {
        return (.outOfRange(start: view.logStart, end: view.highWatermark), nil)
      }
      if offset == view.highWatermark { return (.batches([]), nil) }
      if let damage = view.damage(at: offset) { return (.damaged(damage), nil) }
      if let start = view.tail.start, start <= offset {
        return (.batches(view.tail.batches(from: offset, maxBytes: maxBytes)), nil)
      }
      return (nil, view.segment(holding: offset))
    }
    if let found { return found }
    guard let segment else {
      throw .damagedSegment(
        path: directory, position: 0, reason: "no segment holds offset \(offset)")
    }
    let reader = SegmentReader(
      partition: identity, directory: directory, cache: cache, mayBlock: mayBlock)
    let outcome: SegmentReader.Outcome
    do throws(LogError) {
      outcome = try reader.read(segment, from: offset, maxBytes: maxBytes)
    } catch {
      // Expired meanwhile: the files are gone, and nothing is damaged.
      let (start, end, _) = range
      if offset < start { return .outOfRange(start: start, end: end) }
      outcome = .salvaged(try missing(segment, error))
    }
    switch outcome {
    // Deleted meanwhile: the directory may be that of the next topic of the same name by now.
    case .read(let batches): return range.isDeleted ? .deleted : .batches(batches)
    case .wouldBlock: return .wouldBlock
    case .salvaged(let finding):
      if range.isDeleted { return .deleted }
      for damage in finding.damage { self.found(damage: damage) }
      if finding.batches.isEmpty, let damage = damage(at: offset) { return .damaged(damage) }
      return .batches(finding.batches)
    }
  }

  /// Whether every record of `range` can be read after all: the journal was replayed over it, or
  /// its file was restored. Blocks.
  public func isWhole(_ range: Range<Offset>, in directory: String, cache: FileCache) -> Bool {
    let reader = SegmentReader(
      partition: identity, directory: directory, cache: cache, mayBlock: true)
    var next = range.lowerBound
    while next < range.upperBound {
      guard let segment = view.withLock({ $0.segment(holding: next) }),
        let outcome = try? reader.read(segment, from: next, maxBytes: 1 << 20)
      else { return false }
      let batches =
        switch outcome {
        case .read(let batches): batches
        case .salvaged(let finding): finding.batches
        case .wouldBlock: [RecordBatch]()
        }
      guard let first = batches.first, first.baseOffset <= next, let last = batches.last,
        last.nextOffset > next
      else { return false }
      next = last.nextOffset
    }
    return true
  }

  /// A segment that should be there and has no file is damaged as a whole; any other error stays
  /// one.
  private func missing(
    _ segment: ReadableSegment, _ error: LogError
  ) throws(LogError) -> SegmentSalvage.Finding {
    guard case .system(let cause) = error, cause.isAbsent,
      view.withLock({ !$0.isDeleted && ($0.sealed + $0.open).contains(segment) })
    else { throw error }
    return SegmentSalvage.Finding(damage: [segment.base..<segment.end])
  }

  /// Reads every batch of the sealed segment that holds `offset`, or the next one. Returns where it
  /// ends and how many bytes it has; `nil` where there is none. What is damaged in it is known
  /// then.
  public func check(
    from offset: Offset, in directory: String, cache: FileCache
  ) throws(LogError) -> (end: Offset, bytes: Int64)? {
    let next = view.withLock { view in view.sealed.first { $0.end > offset } }
    guard let next, !range.isDeleted else { return nil }
    let reader = SegmentReader(
      partition: identity, directory: directory, cache: cache, mayBlock: true)
    do throws(LogError) {
      for damage in try reader.damage(in: next) where !range.isDeleted { found(damage: damage) }
    } catch {
      if range.isDeleted { return nil }
      for damage in try missing(next, error).damage { found(damage: damage) }
    }
    return (next.end, next.length)
  }

  /// Batches in which the first record stamped at or after `timestamp` may lie; empty where all are
  /// older. Records below the log start do not count, though batches may begin with some.
  public func read(
    at timestamp: Timestamp, in directory: String, cache: FileCache, mayBlock: Bool
  ) throws(LogError) -> ReadOutcome {
    let (start, tail, segments): (Offset, [RecordBatch], [ReadableSegment]) = view.withLock {
      view in
      let segments = (view.sealed + view.open).filter {
        $0.end > view.logStart && $0.greatestTimestamp >= timestamp
      }
      let from = max(view.readableEnd, view.tail.start ?? 0)
      return (view.logStart, view.tail.batches(from: from, maxBytes: .max), segments)
    }
    for segment in segments {
      let reader = SegmentReader(
        partition: identity, directory: directory, cache: cache, mayBlock: mayBlock)
      do throws(LogError) {
        switch try reader.read(segment, at: timestamp, from: start) {
        case .read where range.isDeleted: return .deleted
        case .read(let batches) where !batches.isEmpty: return .batches(batches)
        case .wouldBlock: return .wouldBlock
        case .salvaged(let finding):
          if range.isDeleted { return .deleted }
          for damage in finding.damage { self.found(damage: damage) }
          if !finding.batches.isEmpty { return .batches(finding.batches) }
        case .read: break
        }
      } catch {
        // Expired meanwhile: what comes after it is asked.
        guard segment.end <= range.start else { throw error }
      }
    }
    return .batches(tail.filter { $0.mayHold(timestamp, from: start) })
  }
}

extension RecordBatch {
  /// Whether a record at `offset` or behind it may be stamped at or after `timestamp`.
  func mayHold(_ timestamp: Timestamp, from offset: Offset) -> Bool {
    guard maxTimestamp >= timestamp, nextOffset > offset else { return false }
    guard baseOffset < offset else { return true }
    var cursor = RecordCursor(self)
    do throws(RecordBatchFault) {
      while let record = try cursor.next() {
        if record.offset >= offset, record.timestamp >= timestamp { return true }
      }
      return false
    } catch {
      // What cannot be taken apart here may be for the reader.
      return true
    }
  }
}

extension PartitionLog.View {
  /// The segment whose readable part holds `offset`, or the next one after it.
  fileprivate func segment(holding offset: Offset) -> ReadableSegment? {
    guard let last = sealed.last, offset < last.end else { return open.first { offset < $0.end } }
    var low = 0
    var high = sealed.count
    while low < high {
      let middle = (low + high) / 2
      if sealed[middle].end <= offset { low = middle + 1 } else { high = middle }
    }
    return sealed[low]
  }
}
