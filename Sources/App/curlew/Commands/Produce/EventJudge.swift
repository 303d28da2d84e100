internal import JSON

/// Tells lines that are JSON from those that are not.
struct EventJudge {
  private let scanner = JSONScanner()

  /// Whether every event of `batch` is one JSON value, and has a key at `pointer` where that is
  /// given: then the batch can be sent as it is.
  func isJSON(_ batch: EventBatch, _ pointer: JSONPointer?) -> Bool {
    do throws(JSONFault) {
      var cursor = try scanner.scan(batch.bytes)
      var count = 0
      while true {
        var probe = cursor
        guard try cursor.nextLine() != nil else { return count == batch.events.count }
        if let pointer, try pointer.key(in: &probe) == nil { return false }
        count += 1
      }
    } catch {
      return false
    }
  }

  /// The first event that is no JSON value, or has no key at `pointer`, and the sentence that says
  /// so; `nil` where there is none.
  func firstFault(
    _ batch: EventBatch, _ pointer: JSONPointer?
  ) -> (event: Int, sentence: String)? {
    for (index, range) in batch.events.enumerated() {
      guard let sentence = fault(Array(batch.bytes[range]), pointer, isLine: true) else { continue }
      return (index, sentence)
    }
    return nil
  }

  /// What keeps `text` from being one JSON value that has a key at `pointer`.
  func fault(_ text: [UInt8], _ pointer: JSONPointer?, isLine: Bool = false) -> String? {
    do throws(JSONFault) {
      var cursor = try scanner.scan(text)
      var probe = cursor
      try cursor.finish()
      guard let pointer, try pointer.key(in: &probe) == nil else { return nil }
      return "has no key at \(pointer.text)"
    } catch {
      guard isLine, let place = error.place else { return "is not JSON: \(error.message)" }
      return "is not JSON at column \(place.column): \(error.detail)"
    }
  }

  /// The key at `pointer` in `text`, which is JSON.
  func key(_ text: [UInt8], _ pointer: JSONPointer) -> [UInt8]? {
    guard var cursor = try? scanner.scan(text) else { return nil }
    return (try? pointer.key(in: &cursor)) ?? nil
  }

  /// `event` without the white space that JSON allows around a value, where it is JSON; else as it
  /// is, so that what is kept of a line does not hang on the lines around it.
  func trimmed(_ event: Range<Int>, of bytes: [UInt8]) -> Range<Int> {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    guard let first = bytes[event].firstIndex(where: { !isBlank($0) }),
      let last = bytes[event].lastIndex(where: { !isBlank($0) }),
      first > event.lowerBound || last + 1 < event.upperBound,
      JSONText.isValid(bytes.span.extracting(event))
    else { return event }
    return first..<last + 1
  }
}
