internal import Platform

/// Finds out how the journal can be written so that a sync reaches the device. Durability is
/// probed, not assumed: tmpfs accepts every flag and keeps nothing.
public enum DurabilityProbe {
  /// What was found.
  public struct Finding: Sendable, Equatable {
    /// How to write.
    public var mode: WriteMode
    /// What is limited, as a sentence; `nil` where a sync reaches a local device.
    public var limitation: String?
  }

  /// Tries one aligned synced write in `directory`. Refuses file systems that keep nothing, unless
  /// `unsafeVolatile`.
  public static func run(
    _ directory: DataDirectory, unsafeVolatile: Bool
  ) throws(LogError) -> Finding {
    switch try system({ () throws(SystemError) in try directory.fileSystem.kind(directory.path) }) {
    case .volatile(let name):
      guard unsafeVolatile else {
        throw .refused(
          "\(directory.path) is on \(name), which keeps nothing over a power cut; choose another "
            + "directory, or run with --unsafe-volatile and lose what the machine loses")
      }
      return Finding(mode: .volatile, limitation: "\(name) keeps nothing over a power cut")
    case .remote(let name):
      return Finding(
        mode: .buffered, limitation: "\(name): durable as far as its server honours fsync")
    case .local:
      return Finding(mode: probe(directory) ? .direct : .buffered, limitation: nil)
    }
  }

  /// Whether direct, synced writes work here.
  private static func probe(_ directory: DataDirectory) -> Bool {
    let path = "\(directory.path)/probe"
    defer { try? directory.fileSystem.remove(path) }
    guard let file = try? directory.fileSystem.open(path, .journal(direct: true, synced: true))
    else {
      return false
    }
    let buffer = AlignedBuffer(count: Block.size)
    return (try? file.writeAll(buffer, 0..<Block.size, at: 0)) != nil
  }
}
