public import Model
internal import Platform

/// Offsets that were acknowledged and cannot be read any more. They stay taken; a read that begins
/// at one of them is refused by name, and one that comes from before them goes on behind them.
extension PartitionLog {
  /// What cannot be read.
  public var damage: [Range<Offset>] {
    // What is damaged below the log start nobody misses.
    view.withLock { view in view.damage.filter { $0.upperBound > view.logStart } }
  }

  /// The damaged range that holds `offset`; `nil` where it can be read.
  public func damage(at offset: Offset) -> Range<Offset>? {
    view.withLock { $0.damage(at: offset) }
  }

  /// Shows what the catalogue holds, beside what was found since.
  public func show(damage ranges: [Range<Offset>]) {
    view.withLock { view in
      view.newDamage.removeAll { found in
        ranges.contains { $0.lowerBound <= found.lowerBound && found.upperBound <= $0.upperBound }
      }
      view.damage = view.newDamage.reduce(ranges) { $0.union($1) }
    }
  }

  /// A reader found `range` damaged. Returns whether that is news.
  @discardableResult
  func found(damage range: Range<Offset>) -> Bool {
    view.withLock { view in
      // A segment below the log start may be gone already.
      guard range.upperBound > view.logStart else { return false }
      let range = max(range.lowerBound, view.logStart)..<range.upperBound
      let union = view.damage.union(range)
      guard union != view.damage else { return false }
      view.damage = union
      view.newDamage = view.newDamage.union(range)
      return true
    }
  }

  /// What was found and the catalogue does not know yet.
  public var newDamage: [Range<Offset>] { view.withLock { $0.newDamage } }
}

extension PartitionLog.View {
  func damage(at offset: Offset) -> Range<Offset>? { damage.first { $0.contains(offset) } }
}
