internal import Platform
public import Synchronization

/// How often which sizes were seen, in buckets each twice as wide as the one before. Observing is a
/// division and two atomic additions, from any thread.
public final class Histogram: Sendable {
  /// Where the buckets end, and in what unit they are shown.
  public struct Scale: Sendable, Equatable {
    /// The first bucket's upper bound, in the unit observed.
    public let first: UInt64
    /// How many buckets there are below infinity: at most 32.
    public let count: Int
    /// How many units observed make one unit shown.
    public let divisor: Double

    /// Buckets that end at `first`, twice `first` and so on, `count` of them.
    public init(first: UInt64, count: Int, divisor: Double = 1) {
      precondition(first > 0 && first < 1 << 32, "a histogram's first bound is 1 to 2^32")
      precondition((1...32).contains(count), "a histogram has 1 to 32 buckets")
      self.first = first
      self.count = count
      self.divisor = divisor
    }

    /// Nanoseconds, shown as seconds: 10 µs to 10.5 s.
    public static let seconds = Scale(first: 10_000, count: 21, divisor: 1e9)
    /// Bytes: 64 to 64 Mi.
    public static let bytes = Scale(first: 64, count: 21)
    /// How many of something: 1 to 1 Mi.
    public static let amount = Scale(first: 1, count: 21)

    /// The upper bound of a bucket, in the unit shown.
    func bound(_ bucket: Int) -> Double { Double(first << UInt64(bucket)) / divisor }
  }

  /// The scale that it was made with.
  public let scale: Scale
  @usableFromInline let first: UInt64
  @usableFromInline let last: Int
  @usableFromInline let buckets = InlineArray<33, Atomic<UInt64>> { _ in Atomic(0) }
  @usableFromInline let sum = Atomic<UInt64>(0)

  init(_ scale: Scale) {
    self.scale = scale
    first = scale.first
    last = scale.count
  }

  /// Counts `value`, in the unit observed; a negative one counts as 0.
  @inlinable public func observe(_ value: Int) {
    let value = UInt64(truncatingIfNeeded: max(0, value))
    // The bucket i holds what is above first * 2^(i-1) and at most first * 2^i.
    let bucket = value == 0 ? 0 : UInt64.bitWidth - ((value - 1) / first).leadingZeroBitCount
    buckets[min(bucket, last)].wrappingAdd(1, ordering: .relaxed)
    sum.wrappingAdd(value, ordering: .relaxed)
  }

  /// Counts a time, on the scale `seconds`.
  @inlinable public func observe(nanoseconds: Int64) { observe(Int(nanoseconds)) }

  /// How many values lie in each bucket, the one up to infinity last.
  public var counts: [UInt64] { (0...last).map { buckets[$0].load(ordering: .relaxed) } }

  /// The sum of the values, in the unit shown.
  public var total: Double { Double(sum.load(ordering: .relaxed)) / scale.divisor }
}
