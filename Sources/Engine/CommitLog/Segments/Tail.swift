internal import Model

/// The newest batches of a partition in memory, oldest first: a queue over one array whose head
/// moves.
struct Tail: Sendable {
  private var batches: [PartitionLog.TailBatch?] = []
  private var head = 0

  var isEmpty: Bool { head == batches.count }
  var first: PartitionLog.TailBatch? { isEmpty ? nil : batches[head] }

  /// The first offset that it holds; `nil` while it is empty.
  var start: Offset? { first?.batch.baseOffset }

  mutating func append(_ batch: PartitionLog.TailBatch) { batches.append(batch) }

  mutating func removeFirst() {
    batches[head] = nil
    head += 1
    // Moving the rest down once half of the array is empty costs each batch one move on average.
    if head == batches.count {
      batches.removeAll(keepingCapacity: batches.capacity <= 64)
      head = 0
    } else if head >= 64, head * 2 >= batches.count {
      batches.removeFirst(head)
      head = 0
    }
  }

  /// The batches from the one that holds `offset` on, about `maxBytes` of them and at least one.
  func batches(from offset: Offset, maxBytes: Int) -> [RecordBatch] {
    var low = head
    var high = batches.count
    while low < high {
      let middle = (low + high) / 2
      if let batch = batches[middle], batch.end <= offset {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var found: [RecordBatch] = []
    var bytes = 0
    while low < batches.count, let next = batches[low] {
      if !found.isEmpty, bytes + next.batch.size > maxBytes { break }
      found.append(next.batch)
      bytes += next.batch.size
      low += 1
    }
    return found
  }
}
