public import CommitLog
public import Model

/// The catalogue as far as the journal has been replayed or materialised, and the offset of its
/// newest record.
public struct CatalogueReplayer: CatalogueReplay, Sendable {
  private(set) var catalogue = Catalogue()
  private(set) var newest: Offset = -1

  /// Without any topic.
  public init() {}

  public mutating func restore(_ image: CatalogueImage) -> [PartitionIdentity] {
    for pair in image.records {
      guard let record = Catalogue.decode(key: pair.key, value: pair.value) else { continue }
      catalogue.apply(record)
    }
    newest = image.newest
    return [Catalogue.identity]
      + catalogue.topics.sorted { $0.key < $1.key }.flatMap { $1.identities($0) }
  }

  public mutating func replay(_ batch: RecordBatch) -> [PartitionIdentity] {
    var made: [PartitionIdentity] = []
    for record in Catalogue.records(in: batch) {
      if case .topic(let name, let entry) = record { made += entry.identities(name) }
      catalogue.apply(record)
    }
    newest = batch.lastOffset
    return made
  }

  public var damage: [PartitionNumber: [Range<Offset>]] { catalogue.damage }

  /// What a snapshot keeps of it.
  var image: CatalogueImage {
    CatalogueImage(
      newest: newest,
      records: catalogue.records.compactMap { record in
        let (key, value) = Catalogue.encode(record)
        return value.map { CatalogueImage.Pair(key: key, value: $0) }
      })
  }
}

extension Catalogue {
  /// The records of a batch of partition 0, foreign ones left out. The batch has been checked.
  static func records(in batch: RecordBatch) -> [Record] {
    var cursor = RecordCursor(batch)
    var records: [Record] = []
    while let next = try? cursor.next() {
      guard let key = next.key else { continue }
      let value = next.value.map { Array(batch.storage[$0]) }
      if let record = decode(key: Array(batch.storage[key]), value: value) {
        records.append(record)
      }
    }
    return records
  }
}
