internal import CXXHash

/// XXH3, 64 bits: digests of whole files and names, where speed counts and nobody forges.
public enum XXH3 {
  /// The digest of `bytes`.
  public static func digest(_ bytes: Span<UInt8>) -> UInt64 {
    unsafe bytes.withUnsafeBufferPointer { unsafe XXH3_64bits($0.baseAddress, $0.count) }
  }
}

/// A digest that is fed piece by piece: the whole of a segment file, say.
// SAFETY: the state is owned by this value alone and freed once.
@safe public struct XXH3Stream: ~Copyable {
  private let state: OpaquePointer

  /// An empty digest.
  public init() {
    guard let state = unsafe XXH3_createState() else { fatalError("out of memory for a digest") }
    unsafe self.state = state
    _ = unsafe XXH3_64bits_reset(state)
  }

  deinit { unsafe _ = XXH3_freeState(state) }

  /// Adds `bytes` behind what was added before.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer {
      unsafe _ = XXH3_64bits_update(state, $0.baseAddress, $0.count)
    }
  }

  /// The digest of all that was added so far.
  public borrowing func digest() -> UInt64 { unsafe XXH3_64bits_digest(state) }
}
