import Model
import Platform
import TestSupport
import Testing

@testable import CommitLog

@Suite struct JournalScanTests {
  /// Whether `outcome` refuses because of the block of `position`, after `frames`.
  private func refuses(
    _ outcome: JournalFixture.Outcome, at position: Position, after frames: [Position]
  ) -> Bool {
    let (path, block): (String, UInt64)
    switch outcome.error {
    case .damagedJournal(let file, let place, _), .uncertainFrame(let file, let place):
      (path, block) = (file, place)
    default: return false
    }
    let geometry = JournalFixture.geometry
    return outcome.verdict == nil && outcome.frames == frames
      && block == position % geometry.blocksPerFile
      && path.hasSuffix("/journal/0\(geometry.slot(of: geometry.sequence(of: position)))")
  }

  // Live and end.

  @Test func `an empty journal ends where it begins`() throws {
    let outcome = try JournalFixture().scan()

    #expect(outcome == .init(frames: [], verdict: .end, cursor: 1))
  }

  @Test func `live frames follow one another, over the end of a file too`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 3)
    try journal.write(5, previous: 2, blocks: 11)
    try journal.write(17, previous: 5)

    let outcome = try journal.scan()

    #expect(outcome == .init(frames: [1, 2, 5, 17], verdict: .end, cursor: 18))
  }

  @Test func `a frame that did not fit stands at the beginning of the next file`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0, blocks: 10)
    try journal.write(17, previous: 1, blocks: 6)
    try journal.write(23, previous: 17)

    #expect(try journal.scan().frames == [1, 17, 23])
  }

  @Test func `a scan begins behind a checkpoint and knows the frame before it`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1)
    try journal.write(3, previous: 2, incarnation: 4)

    #expect(try journal.scan(from: 2, last: 1).frames == [2, 3])
    #expect(try journal.scan(from: 4, last: 3) == .init(frames: [], verdict: .end, cursor: 4))
  }

  @Test func `a frame carries its rows and batches`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0, blocks: 3)
    let file = try journal.disk.open(journal.path(of: 1), .read)
    var scan = JournalScan(
      journal.directory, geometry: JournalFixture.geometry, files: [0: file], from: 1,
      lastFrame: 0, watermark: 0, sabotage: [])

    let frame = try #require(try scan.next())

    let batch = try #require(frame.contents.first?.batch)
    #expect(frame.contents.count == 1)
    #expect(Array(batch.storage[batch.range]) == Sample.batch(2 * 4064 + 500, at: 1).storage)
    #expect(try scan.next() == nil)
    #expect(scan.cursor.previous == 1)
    #expect(scan.cursor.previousEnds == [.init(partition: PartitionNumber(1), offset: 2)])
  }

  // Torn.

  @Test(arguments: 1..<7)
  func `a frame of three blocks that lacks any of them is torn`(written: Int) throws {
    let present = (0..<3).filter { written >> $0 & 1 == 1 }
    for fate in ["zero", "sheared", "old"] {
      let journal = try JournalFixture()
      try journal.write(1, previous: 0)
      try journal.write(2, previous: 1, blocks: 3, parts: present)
      let whole = JournalFixture.frame(2, previous: 1, blocks: 3)
      for missing in 0..<3 where !present.contains(missing) {
        let block = Array(whole[missing * 4096..<(missing + 1) * 4096])
        switch fate {
        case "sheared":
          try journal.put(Array(block[..<2048]), at: 2 + UInt64(missing))
        case "old":
          let lap = JournalFixture.frame(2 + UInt64(missing) + 64, previous: 1)
          try journal.put(lap, at: 2 + UInt64(missing))
        default: break
        }
      }

      let outcome = try journal.scan()

      #expect(outcome == .init(frames: [1], verdict: .torn, cursor: 2), "\(present) \(fate)")
    }
  }

  @Test func `a frame of which nothing was written is no frame`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 3, parts: [])

    #expect(try journal.scan() == .init(frames: [1], verdict: .end, cursor: 2))
  }

  @Test func `a torn frame at the beginning of the next file is torn`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0, blocks: 13)
    try journal.write(17, previous: 1, blocks: 3, parts: [0, 2])

    #expect(try journal.scan() == .init(frames: [1], verdict: .torn, cursor: 14))
  }

  @Test func `blocks of two lives are no frame`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 3, incarnation: 2)
    try journal.write(2, previous: 1, blocks: 3, incarnation: 3, parts: [1])

    #expect(try journal.scan() == .init(frames: [1], verdict: .torn, cursor: 2))
  }

  // Remains.

  @Test func `what a crash left is passed over where a later frame names the last live one`()
    throws
  {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0, blocks: 11)
    try journal.write(12, previous: 1, blocks: 3, parts: [0, 2])
    try journal.write(17, previous: 1, blocks: 5, incarnation: 2)
    try journal.write(22, previous: 17, incarnation: 2)

    #expect(try journal.scan() == .init(frames: [1, 17, 22], verdict: .end, cursor: 23))
  }

  @Test func `a whole frame of an earlier life behind a later one is ignored`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0, incarnation: 2)
    try journal.write(2, previous: 1, incarnation: 1)

    #expect(try journal.scan() == .init(frames: [1], verdict: .end, cursor: 2))
  }

  @Test func `blocks of an earlier life and of an earlier lap do not count`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0, incarnation: 5)
    try journal.write(2, previous: 1, blocks: 3, incarnation: 4, parts: [1, 2])
    try journal.put(JournalFixture.frame(64 + 5, previous: 64 + 1, incarnation: 5), at: 5)

    #expect(try journal.scan() == .init(frames: [1], verdict: .end, cursor: 2))
  }

  // Damage.

  @Test(arguments: [2, 3, 4] as [Position])
  func `a damaged frame is passed over, and what it appended is told`(position: Position) throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 3)
    try journal.write(5, previous: 2)
    try journal.damage(position)

    let lost = position == 2 ? "2: 1<3" : "2: 1@2..3"
    #expect(try journal.scan() == .init(frames: [1, 5], verdict: .end, cursor: 6, lost: [lost]))
  }

  @Test func `a batch in the whole blocks of a damaged frame is read all the same`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    let first = Sample.append(Sample.batch(500, at: 2), to: 1)
    let second = Sample.append(Sample.batch(4_100, at: 7), to: 2)
    let head = FrameHead(
      position: 2, blocks: 2, previous: 1, previousEnds: [], rows: [first.row, second.row],
      bytes: first.row.length + second.row.length)
    let buffer = AlignedBuffer(count: 2 * 4096)
    FrameWriter.write(head, [first, second], into: buffer, incarnation: 1)
    try journal.put(buffer.copy(0..<2 * 4096), at: 2)
    try journal.write(4, previous: 2)
    // The second batch goes on into the block that is damaged.
    try journal.put([0xFF, 0xFF], at: 3, offset: 30)

    #expect(try journal.scan().lost == ["2: 1@2..3 whole, 2@7..8"])
  }

  @Test func `a frame that is gone from the middle is told by the one behind it`() throws {
    for later: Position in [3, 17] {
      let journal = try JournalFixture()
      try journal.write(1, previous: 0)
      try journal.write(later, previous: 2)

      let outcome = try journal.scan()

      #expect(outcome.frames == [1, later] && outcome.lost == ["2: 1<3"])
    }
  }

  @Test func `several damaged frames are told from the last to the first`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 2)
    try journal.write(4, previous: 2, blocks: 2)
    try journal.write(6, previous: 4)
    try journal.damage(3)
    try journal.damage(5)
    #expect(try journal.scan().lost == ["2: 1@2..3; 4: 1@4..5"])

    // Without its own head the first is told by the second.
    try journal.damage(2)
    #expect(try journal.scan().lost == ["2: 1<3; 4: 1@4..5"])
  }

  @Test func `where nobody tells what a lost frame held the loss is not complete`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 2)
    try journal.write(4, previous: 2, blocks: 2)
    try journal.write(6, previous: 4)
    try journal.damage(2)
    try journal.damage(4)

    #expect(try journal.scan().lost == ["4: 1<5?"])
  }

  @Test func `a frame that names another one before it is refused`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 9)

    #expect(refuses(try journal.scan(), at: 2, after: [1]))
  }

  @Test(arguments: 1..<8)
  func `a last frame whose blocks are all written and some are bad is uncertain`(bad: Int) throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 3)
    for index in 0..<3 where bad >> index & 1 == 1 { try journal.damage(2 + UInt64(index)) }

    #expect(refuses(try journal.scan(), at: 2, after: [1]))
  }

  @Test func `bad blocks do not make a frame whole that lacks others`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 3, parts: [0, 2])
    try journal.damage(2)

    #expect(try journal.scan().verdict == .torn)
  }

  @Test func `a torn frame does not excuse damage that a later life wrote into the next file`()
    throws
  {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0, blocks: 11)
    try journal.write(12, previous: 1, blocks: 3, parts: [0, 2])
    try journal.write(17, previous: 1, blocks: 5, incarnation: 2)
    try journal.damage(18)

    #expect(refuses(try journal.scan(), at: 17, after: [1]))
  }

  @Test func `an end below the watermark is refused`() throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    try journal.write(2, previous: 1, blocks: 3, parts: [0])

    #expect(try journal.scan(watermark: 2) == .init(frames: [1], verdict: .torn, cursor: 2))
    #expect(refuses(try journal.scan(watermark: 3), at: 2, after: [1]))
  }

  @Test func `a frame that a newer version wrote is refused, not cut off`() throws {
    for (offset, value) in [(4, 2), (6, 1), (40, 1), (56 + 12 + 4, 9)] as [(Int, UInt8)] {
      let journal = try JournalFixture()
      try journal.write(1, previous: 0)
      var block = JournalFixture.frame(2, previous: 1)
      block[24 + offset] = value
      let crc = Golden.crc(block[4...])
      for index in 0..<4 { block[index] = UInt8(crc >> (8 * index) & 0xFF) }
      try journal.put(block, at: 2)

      #expect(refuses(try journal.scan(), at: 2, after: [1]), "byte \(offset)")
    }
  }

  @Test(arguments: [1, 2])
  func `a read that fails is no verdict`(reads: Int) throws {
    let journal = try JournalFixture()
    try journal.write(1, previous: 0)
    journal.disk.add(Fault([.read], code: 5, skipping: reads) { $0.hasSuffix("/journal/00") })

    let outcome = try journal.scan()

    #expect(outcome.verdict == nil)
    guard case .system? = outcome.error else {
      Issue.record("\(outcome)")
      return
    }
  }
}
