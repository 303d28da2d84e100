public import Platform
public import Store

/// A state that changes only by records: what `StateLog` makes durable.
public protocol StateMachine: Sendable {
  associatedtype Command: Sendable
  associatedtype Record: Sendable
  associatedtype Reply: Sendable
  associatedtype Rejection: Error

  /// Decides without changing anything; pure.
  func decide(_ command: Command, now: Instant) throws(Rejection) -> Decision<Record, Reply>

  /// Applies what was decided; cannot fail. If it could, `decide` was wrong.
  mutating func apply(_ record: Record)

  /// A record as it stands in the topic.
  static func encode(_ record: Record) -> (key: [UInt8], value: [UInt8]?)

  /// The record of a key and value; `nil` for foreign ones.
  static func decode(key: [UInt8], value: [UInt8]?) -> Record?
}

/// What a state machine wants to happen: all of it one atomic entry.
public struct Decision<Record: Sendable, Reply: Sendable>: Sendable {
  /// Records of the machine's own topic, in order; none leaves the state as it is.
  public var records: [Record]
  /// What the caller is told when they are durable.
  public var reply: Reply
  /// Appends to other topics: a dead letter, a transaction's markers.
  public var appends: [Entry.Append]

  /// A decision with these parts.
  public init(records: [Record], reply: Reply, appends: [Entry.Append] = []) {
    self.records = records
    self.reply = reply
    self.appends = appends
  }
}
