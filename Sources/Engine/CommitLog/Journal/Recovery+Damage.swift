internal import Model

/// What recovery does about frames that were acknowledged and are lost.
extension Recovery {
  /// Refuses where nobody could say what is missing, or the catalogue itself is: it tells which
  /// partitions there are. `catalogueEnd` is where the catalogue ended before the frame.
  func judge(_ frame: LiveFrame, _ catalogueEnd: inout Offset) throws(LogError) {
    guard decision != .lookOnly else { return }
    if let lost = frame.lost, !lost.isComplete, decision != .leaveGap {
      throw damaged(
        at: lost.position,
        "frames are lost, and which partitions they appended to cannot be told; \(LogError.repair)")
    }
    for lost in frame.lost?.frames ?? [] {
      for content in lost.contents ?? [] where content.batch != nil {
        try follow(content.row, &catalogueEnd, lost.position)
      }
      for end in lost.ends ?? [] where end.partition == .catalogue && end.offset > catalogueEnd {
        throw catalogueLost(at: lost.position)
      }
    }
    for row in frame.head.rows { try follow(row, &catalogueEnd, frame.head.position) }
  }

  private func follow(
    _ row: Row, _ catalogueEnd: inout Offset, _ position: Position
  ) throws(LogError) {
    guard row.kind == .append, row.partition == .catalogue else { return }
    guard row.baseOffset <= catalogueEnd else { throw catalogueLost(at: position) }
    catalogueEnd = row.end
  }

  private func catalogueLost(at position: Position) -> LogError {
    damaged(at: position, "records of the catalogue are lost, which tells what topics there are")
  }

  private func damaged(at position: Position, _ reason: String) -> LogError {
    .damagedJournal(
      path: directory.journalFile(slot: geometry.slot(of: geometry.sequence(of: position))),
      block: position % geometry.blocksPerFile, reason: reason)
  }

  /// Whether `number` holds the node's own state, which goes on without a gap or not at all.
  func isInternal(_ number: PartitionNumber) -> Bool {
    number == .catalogue || table[number]?.identity.topic.isInternal == true
  }

  /// Brings partition `number` to where later frames show that it had been: with what segments
  /// still hold, then by leaving out what they do not.
  mutating func reach(_ target: Offset, of number: PartitionNumber) throws(LogError) {
    guard !deleted.contains(number), segments.end(of: number) < target else { return }
    guard !isInternal(number) || decision == .lookOnly else {
      throw .refused(
        "\(directory.path): the journal has lost records of partition \(number), which holds the "
          + "server's own state, from offset \(segments.end(of: number)) on")
    }
    guard table[number] != nil else {
      if decision == .lookOnly { return }
      throw .refused(
        "the journal has lost records of partition \(number), which nothing created")
    }
    try heal(number, upTo: target)
    let end = segments.end(of: number)
    guard end < target else { return }
    try segments.fence(number, to: target)
    damage.append(PartitionRange(number, end..<target))
  }

  /// Where an operator gave frames up of which nobody tells what they held, every partition that
  /// nothing came to since may have had records in them. As many offsets as there can have been
  /// stay taken: a record takes more than a byte.
  mutating func leaveUntold() throws(LogError) {
    for number in untold.partitions.sorted() where !isInternal(number) {
      try adopt(number)
      let end = segments.end(of: number)
      let target = end + Offset(untold.blocks) * Offset(Block.payloadSize)
      try segments.fence(number, to: target)
      damage.append(PartitionRange(number, end..<target))
    }
  }

  /// Takes in what segments hold past the end of the journal.
  mutating func adopt(_ number: PartitionNumber) throws(LogError) {
    guard table[number] != nil else { return }
    try heal(number, upTo: .max)
  }

  private mutating func heal(
    _ number: PartitionNumber, upTo target: Offset
  ) throws(LogError) {
    let before = segments.end(of: number)
    _ = try segments.heal(number, upTo: target, appendTime: newestTime)
    let after = segments.end(of: number)
    if after > before { healed.append(PartitionRange(number, before..<after)) }
  }
}
