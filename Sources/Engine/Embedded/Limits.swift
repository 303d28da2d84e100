/// The bounds of the store's queues, each with its reason.
public struct Limits: Sendable, Equatable {
  /// Bytes of batches that have an offset and are not yet in segment files: they are in memory.
  /// Full: produce waits.
  public var unwrittenBytes = 32 << 20
  /// Bytes of batches that wait for room, at most a second. Full: 503.
  public var waitingBytes = 64 << 20
  /// Bytes of batches kept in memory for readers although segments hold them: hot consumers need no
  /// file.
  public var tailBytes = 16 << 20
  /// Reads that wait for a thread that may block. Full: 503.
  public var pendingReads = 1024

  /// The usual bounds.
  public init() {}
}
