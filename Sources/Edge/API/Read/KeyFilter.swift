internal import JSON
internal import Model

/// The records of one key, in both spellings: the bytes of a text, and the JSON string that v2
/// stores for it.
struct KeyFilter: Sendable {
  private let text: [UInt8]
  private let json: [UInt8]

  init(_ key: String) {
    text = Array(key.utf8)
    var writer = JSONWriter()
    writer.string(key)
    json = writer.bytes
  }

  /// Whether `record` has the key.
  func matches(_ record: Record, of batch: RecordBatch) -> Bool {
    guard let range = record.key else { return false }
    let key = batch.storage.span.extracting(range)
    return equal(key, text) || equal(key, json)
  }

  private func equal(_ key: Span<UInt8>, _ wanted: [UInt8]) -> Bool {
    guard key.count == wanted.count else { return false }
    for index in key.indices where key[index] != wanted[index] { return false }
    return true
  }
}
