/// Rules that tests break on purpose, to see that the simulator notices. Empty everywhere else.
public struct Sabotage: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Answers and shows records before their frame is synced.
  package static let replyBeforeSync = Sabotage(rawValue: 1)
  /// Takes blocks for one frame by their positions alone, whatever their incarnations.
  package static let judgeByPositionOnly = Sabotage(rawValue: 2)
  /// Goes on at a later frame although it does not name the last live one as the one before it.
  package static let ignorePreviousFrame = Sabotage(rawValue: 4)
  /// Uses journal files again that lie below the newer checkpoint only.
  package static let recycleEarly = Sabotage(rawValue: 8)
  /// Never syncs a directory.
  package static let noDirectorySync = Sabotage(rawValue: 16)
  /// Writes the superblock of a checkpoint before what it stands on is synced.
  package static let superblockFirst = Sabotage(rawValue: 32)
}
