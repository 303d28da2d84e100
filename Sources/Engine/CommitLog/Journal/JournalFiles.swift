internal import Bytes
internal import Platform

/// The journal's files: which are ready to be written, and how far. The commit thread only steps
/// over to a file that is ready; housekeeping makes it so. Any thread.
public final class JournalFiles: Sendable {
  private struct State: Sendable {
    var ready: [UInt64: any File] = [:]
    /// Every block of the newest ready file below this has been filled.
    var fillMark: Position = 0
    var newest: UInt64 = 0
  }

  /// The journal's shape.
  public let geometry: JournalGeometry
  let directory: DataDirectory
  let mode: WriteMode
  private let state = Lock(State())

  /// No file is ready yet.
  public init(_ directory: DataDirectory, geometry: JournalGeometry, mode: WriteMode) {
    self.directory = directory
    self.geometry = geometry
    self.mode = mode
  }

  /// The file of `sequence` if it is ready to be written.
  func file(_ sequence: UInt64) -> (any File)? { state.withLock { $0.ready[sequence] } }

  /// The newest file that is ready.
  public var newest: UInt64 { state.withLock { $0.newest } }

  /// Up to where the newest file may be written.
  public var fillMark: Position { state.withLock { $0.fillMark } }

  /// Makes the file of `sequence` known as ready, filled up to `fillMark`; one that lay in its slot
  /// is not any more.
  func add(_ sequence: UInt64, _ file: any File, fillMark: Position) {
    state.withLock { state in
      if sequence >= geometry.files { state.ready[sequence - geometry.files] = nil }
      state.ready[sequence] = file
      state.newest = sequence
      state.fillMark = fillMark
    }
  }

  /// The newest file has been filled up to `mark`.
  func raise(fillMark mark: Position) { state.withLock { $0.fillMark = mark } }

  /// Opens the file in the slot of `sequence` for writing.
  func open(_ sequence: UInt64, synced: Bool = true) throws(SystemError) -> any File {
    let openMode: OpenMode =
      synced ? mode.openMode : .journal(direct: mode == .direct, synced: false)
    return try directory.fileSystem.open(
      directory.journalFile(slot: geometry.slot(of: sequence)), openMode)
  }
}
