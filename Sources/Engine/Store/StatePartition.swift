public import Model

/// The small facet of a store that a `StateLog` stands on: one partition to append to atomically,
/// read and follow.
/// The catalogue that the embedded store needs is itself a state log, so this is not `EventStore`.
public protocol StatePartition: AnyObject, Sendable {
  /// Appends `records` and, in the same atomic entry, `appends`. Returns the offset of the last
  /// record; `isDurable` becomes true for it later. Throws, and nothing was done.
  func append(_ records: [StateRecord], with appends: [Entry.Append]) throws(StoreError) -> Offset

  /// Calls `reply` when everything up to `offset` is durable, at once where it is; a failure of the
  /// journal fails it.
  func whenDurable(_ offset: Offset, reply: Reply<Void>)

  /// Reads every durable record from the start on, in order, into `body`. Blocks; only at start.
  func replay(_ body: (Offset, StateRecord) -> Void) throws(StoreError)
}

/// A record of a compacted topic: a key, and a value or a tombstone.
public struct StateRecord: Sendable, Equatable {
  /// What it is about.
  public var key: [UInt8]
  /// Its new state; `nil` removes it.
  public var value: [UInt8]?

  /// `value` for `key`.
  public init(key: [UInt8], value: [UInt8]?) {
    self.key = key
    self.value = value
  }
}
