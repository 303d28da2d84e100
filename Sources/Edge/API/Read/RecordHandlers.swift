internal import HTTP
internal import JSON
internal import Model
internal import Platform
internal import Store

/// One record as it is, and where times lie in a topic.
enum RecordHandlers {
  /// `GET /topics/{topic}/partitions/{partition}/records/{offset}`: the value, its type, its
  /// headers.
  static func raw(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.topic(.read)
    let partition = try call.partition(of: topic)
    let text = call.request.parameter("offset")
    guard let offset = Offset(text), offset >= 0 else {
      throw .request(.noRoute(path: call.request.path))
    }
    let (record, batch) = try await record(topic, partition, offset, call)
    return try response(record, batch)
  }

  private static func record(
    _ topic: Topic, _ partition: Int32, _ offset: Offset, _ call: Call
  ) async throws(Refusal) -> (Record, RecordBatch) {
    let range = try Lanes(call.context, call.loop).range(of: topic, partition)
    guard offset >= range.start, offset < range.end else {
      throw .store(.offsetOutOfRange(requested: offset, start: range.start, end: range.end))
    }
    var lane = Lane(topic: topic, partition: partition, position: offset, end: offset + 1)
    let store = call.context.store
    let fetch = Fetch(topic: topic, partition: partition, offset: offset, maxBytes: 1)
    let fetched: Fetched = try await call.loop.answer { reply in store.fetch(fetch, reply: reply) }
    do throws(ReadingFault) {
      try lane.load(fetched)
    } catch {
      throw .reading(error)
    }
    guard let record = lane.head, let batch = lane.batch else {
      throw .reading(.noRecord(offset: offset))
    }
    return (record, batch)
  }

  private static func response(_ record: Record, _ batch: RecordBatch) throws(Refusal) -> Response {
    var headers: [(name: String, value: String)] = []
    var type: String?
    var unshown: [String] = []
    for header in try Self.headers(record, batch) {
      let text = header.value.flatMap(Self.headerText)
      if header.key == "content-type", type == nil, let text {
        type = text
      } else if let text, Self.isToken(header.key) {
        headers.append(("Curlew-Header-\(header.key)", text))
      } else {
        unshown.append(Self.isToken(header.key) ? header.key : "?")
      }
    }
    // What HTTP's headers cannot carry is at least said to be there.
    if !unshown.isEmpty {
      headers.append(("Curlew-Headers-Unshown", unshown.joined(separator: ", ")))
    }
    headers.append(("Curlew-Timestamp", RFC3339.text(milliseconds: record.timestamp)))
    guard let value = record.value else {
      return Response(status: 204, headers: headers + [("Curlew-Tombstone", "true")])
    }
    let bytes = Array(batch.storage[value])
    headers.append(("Content-Type", type ?? Self.type(of: bytes)))
    return Response(status: 200, headers: headers, body: .bytes(bytes))
  }

  private static func headers(
    _ record: Record, _ batch: RecordBatch
  ) throws(Refusal) -> [RecordHeader] {
    do throws(ReadingFault) {
      return try RecordPainter.headers(record, batch)
    } catch {
      throw .reading(error)
    }
  }

  /// The type of a value that came without one.
  private static func type(of bytes: [UInt8]) -> String {
    if JSONText.isValid(bytes.span) { return MediaType.json }
    return JSONText.isUTF8(bytes.span) ? "text/plain; charset=utf-8" : MediaType.bytes
  }

  /// The bytes as the value of an HTTP header, where they can be one.
  private static func headerText(_ bytes: [UInt8]) -> String? {
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), JSONText.isUTF8(bytes.span),
      bytes.first != 0x20, bytes.last != 0x20
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// `GET /topics/{topic}/offsets?at=TIME`.
  static func offsets(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.topic(.describe)
    let question = try call.time("at")
    let lanes = Lanes(call.context, call.loop)
    var partitions: [(range: OffsetRange, at: Offset?)] = []
    for partition in 0..<topic.partitionCount {
      let range = try lanes.range(of: topic, partition)
      guard let question else {
        partitions.append((range, nil))
        continue
      }
      let at = try await lanes.position(topic, partition, range, .question(question))
      partitions.append((range, at))
    }
    return call.json(
      JSONWriter.object { json in
        json.member("topic", topic.name.text)
        json.array("offsets") { json in
          for (index, partition) in partitions.enumerated() {
            PartitionJSON.native(Int32(index), partition.range, &json) { json in
              if let at = partition.at { json.member("at", at) }
            }
          }
        }
      })
  }
}
