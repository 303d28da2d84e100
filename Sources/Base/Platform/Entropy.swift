internal import CPlatform

/// Where chance comes from.
public protocol Entropy: AnyObject, Sendable {
  /// 64 random bits.
  func next() -> UInt64
}

/// The kernel's random numbers.
public final class SystemEntropy: Entropy {
  /// The kernel's random numbers.
  public init() {}

  public func next() -> UInt64 { curlew_random() }
}
