/// The number of a 4 KiB journal block since the node's birth. Never reset, so a block that lies
/// where another should shows itself: stale, swapped and misdirected writes carry the wrong
/// position.
public typealias Position = UInt64

/// How the journal lies in its files. Fixed at birth and kept in the superblock.
///
/// A position belongs to the file of sequence `position / blocksPerFile`, whose slot, the name of
/// its file, is `sequence mod files`. The first block of each file is its head.
public struct JournalGeometry: Sendable, Equatable {
  /// Bytes of a block.
  public static let blockSize = 4096
  /// Blocks of one file, its head included.
  public let blocksPerFile: UInt64
  /// How many files there are.
  public let files: UInt64

  /// `files` files, at least 4, of `blocksPerFile` blocks, at least 16.
  public init(blocksPerFile: UInt64, files: UInt64) {
    precondition(blocksPerFile >= 16 && files >= 4, "a journal has at least 4 files of 16 blocks")
    self.blocksPerFile = blocksPerFile
    self.files = files
  }

  /// Blocks of the whole journal.
  public var capacity: UInt64 { blocksPerFile * files }

  /// Bytes of one file.
  public var fileBytes: Int64 { Int64(blocksPerFile) * Int64(Self.blockSize) }

  /// The largest entry: a quarter of a file.
  public var entryLimit: Int { Int(fileBytes) / 4 }

  /// The sequence of the file that holds `position`.
  public func sequence(of position: Position) -> UInt64 { position / blocksPerFile }

  /// The first position, that of the head, of the file of `sequence`.
  public func start(of sequence: UInt64) -> Position { sequence * blocksPerFile }

  /// Which file, by name, holds `sequence`.
  public func slot(of sequence: UInt64) -> UInt64 { sequence % files }

  /// Where in its file `position` lies, in bytes.
  public func offset(of position: Position) -> Int64 {
    Int64(position % blocksPerFile) * Int64(Self.blockSize)
  }

  /// Positions from `position` to the end of its file.
  public func remaining(at position: Position) -> UInt64 {
    blocksPerFile - position % blocksPerFile
  }
}
