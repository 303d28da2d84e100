internal import HTTP
internal import Model
internal import Store

/// The answer to a produce: `{"offsets":[{"partition","offset","error_code","error"}],…}`, a record
/// an entry, in the order of the body.
enum ProduceAnswer {
  private static let start = Array(#"{"offsets":["#.utf8)
  private static let partition = Array(#"{"partition":"#.utf8)
  private static let offset = Array(#","offset":"#.utf8)
  private static let sound = Array(#","error_code":null,"error":null},"#.utf8)
  private static let refused = Array(#"{"partition":null,"offset":null,"error_code":"#.utf8)
  private static let error = Array(#","error":"#.utf8)
  private static let onlyOne = sound.dropLast() + end
  private static let end = Array(#"],"key_schema_id":null,"value_schema_id":null}"#.utf8)
  private static let disk: [(name: String, value: String)] = [
    ("Content-Type", MediaType.json), ("Curlew-Durability", "disk"),
  ]
  private static let diskV2: [(name: String, value: String)] = [
    ("Content-Type", MediaType.kafkaV2), ("Curlew-Durability", "disk"),
  ]

  /// What `outcome` gave the records that stand at `places`.
  static func response(_ places: Assembly.Places, _ outcome: AppendOutcome?, _ family: Family)
    -> Response
  {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(80 + places.placements.count * 72)
    bytes.append(contentsOf: start)
    if places.placements.count == 1, let outcome, places.placements[0].batch == 0 {
      bytes.append(contentsOf: Self.partition)
      bytes.append(decimal: Int64(places.partitions[0]))
      bytes.append(contentsOf: Self.offset)
      bytes.append(decimal: outcome.baseOffsets[0])
      bytes.append(contentsOf: onlyOne)
      return Response(status: 200, headers: headers(outcome, family), body: .bytes(bytes))
    }
    // What a record's neighbour in its batch has said already is not written out again.
    let sound = sound
    var named: Int32 = -1
    var beginning: [UInt8] = []
    for placement in places.placements {
      let batch = Int(placement.batch)
      if let outcome, batch >= 0 {
        if named != placement.batch {
          named = placement.batch
          beginning = self.beginning(places.partitions[batch])
        }
        bytes.append(contentsOf: beginning)
        bytes.append(decimal: outcome.baseOffsets[batch] + Offset(placement.delta))
        bytes.append(contentsOf: sound)
      } else {
        append(places.refusals[Int(placement.delta)], to: &bytes)
      }
    }
    // Every record ends with a comma, which the last one's gives to the end.
    if !places.placements.isEmpty { bytes.removeLast() }
    bytes.append(contentsOf: end)
    return Response(status: 200, headers: headers(outcome, family), body: .bytes(bytes))
  }

  /// A record's answer up to its offset.
  private static func beginning(_ partition: Int32) -> [UInt8] {
    var bytes = Self.partition
    bytes.append(decimal: Int64(partition))
    bytes.append(contentsOf: offset)
    return bytes
  }

  private static func append(_ refusal: Refusal, to bytes: inout [UInt8]) {
    let (code, text) = Problem.ofRecord(refusal)
    bytes.append(contentsOf: refused)
    bytes.append(decimal: Int64(code))
    bytes.append(contentsOf: error)
    bytes.append(jsonString: text)
    bytes.append(contentsOf: [UInt8(ascii: "}"), UInt8(ascii: ",")])
  }

  /// What was met, and below `disk` the epoch, with which an offset is never given twice.
  private static func headers(
    _ outcome: AppendOutcome?, _ family: Family
  ) -> [(name: String, value: String)] {
    let isV2 = family == .v2
    guard let outcome else { return [("Content-Type", family.contentType)] }
    guard outcome.durability != .disk else { return isV2 ? diskV2 : disk }
    return [
      ("Content-Type", family.contentType), ("Curlew-Durability", outcome.durability.rawValue),
      ("Curlew-Leader-Epoch", String(outcome.leaderEpoch)),
    ]
  }

  /// What a produce is told that does not wait: nothing, and that it may be lost.
  static let accepted = Response(
    status: 202, headers: [("Content-Type", MediaType.json), ("Curlew-Durability", "none")],
    body: .bytes(Array("{}".utf8)))
}
