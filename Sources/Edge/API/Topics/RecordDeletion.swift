internal import HTTP
internal import JSON
internal import Model
internal import Store

/// Records that nobody is to read any more.
enum RecordDeletion {
  /// `DELETE /topics/{topic}/partitions/{partition}/records?before=N`: all below that offset, or
  /// all that there are now with `before=latest`.
  static func before(_ call: Call) async throws(Refusal) -> Response {
    let topic = try call.changeableTopic(.delete)
    let partition = try call.partition(of: topic)
    let offset = try offset(topic, partition, call)
    let store = call.context.store
    let range: OffsetRange = try await call.loop.answer { reply in
      store.deleteRecords(of: topic, partition: partition, before: offset, reply: reply)
    }
    return call.json(
      JSONWriter.object { json in
        json.member("topic", topic.name.text)
        json.member("partition", partition)
        json.member("start", range.start)
        json.member("end", range.end)
      })
  }

  private static func offset(
    _ topic: Topic, _ partition: Int32, _ call: Call
  ) throws(Refusal) -> Offset {
    switch call.request.query("before") {
    case nil:
      throw .request(
        .parameter(name: "before", "is needed: an offset, or latest for all that there is."))
    case "latest"?: return try Lanes(call.context, call.loop).range(of: topic, partition).end
    case let text?:
      guard let offset = Offset(text), offset >= 0 else {
        throw .request(.parameter(name: "before", "takes an offset, or latest."))
      }
      return offset
    }
  }
}
