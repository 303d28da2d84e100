/// When a producer is answered. It never changes what readers see. The raw value is its form in
/// requests and answers.
public enum AckLevel: String, CaseIterable, Hashable, Sendable {
  /// When the records are synced to disk.
  case disk
  /// When the records have their offsets; a kill may lose them.
  case memory
  /// When the request was accepted.
  case none

  /// Whether it promises no less than `other`.
  public func meets(_ other: AckLevel) -> Bool { strength >= other.strength }

  private var strength: Int {
    switch self {
    case .none: 0
    case .memory: 1
    case .disk: 2
    }
  }
}
