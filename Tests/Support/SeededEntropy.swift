import Platform

/// Chance that repeats: the sequence of a seed.
public final class SeededEntropy: Entropy {
  private let random: Lock<SeededRandom>

  /// The sequence of `seed`.
  public init(seed: UInt64) { random = Lock(SeededRandom(seed: seed)) }

  public func next() -> UInt64 { random.withLock { $0.next() } }
}
