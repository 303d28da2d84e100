/// What makes a retry recognisable: who produces, in which incarnation, and the place of the first
/// record of a batch in what it has sent to this partition. Kafka's fields, -1 where there is none.
public struct ProducerIdentity: Hashable, Sendable {
  /// The producer.
  public let id: Int64
  /// Its incarnation; an older one is fenced.
  public let epoch: Int16
  /// The number of the first record; after `Int32.max` comes 0.
  public let sequence: Int32

  /// A producer that keeps no sequence.
  public static let none = ProducerIdentity(id: -1, epoch: -1, sequence: -1)

  /// The producer `id` in `epoch`, at `sequence`.
  public init(id: Int64, epoch: Int16, sequence: Int32) {
    self.id = id
    self.epoch = epoch
    self.sequence = sequence
  }
}
