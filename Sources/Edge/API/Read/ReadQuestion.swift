internal import HTTP
internal import Model
internal import Store

/// How much of what is there a read wants.
struct ReadLimits: Sendable {
  /// Records at most; `nil` for all.
  var records: Int?
  /// Bytes of keys and values at most; `nil` for all.
  var bytes: Int?
  /// Only the records of this key.
  var key: KeyFilter?

  /// Records of an answer without `limit`.
  static let defaultRecords = 100
  /// The most records of an answer.
  static let mostRecords = 10_000
  /// Bytes of an answer without `max_bytes`.
  static let defaultBytes = 8 << 20
  /// The most bytes of an answer.
  static let mostBytes = 64 << 20
  /// The most bytes that are looked through for one answer.
  static let scannedBytes = 64 << 20
}

/// What a read asks for, beside the topics.
struct ReadQuestion: Sendable {
  /// The form of the answer.
  enum Form: Equatable, Sendable {
    /// `{"records":[…],"next":…,"caught_up":…}`.
    case json
    /// A record a line.
    case lines
    /// v2's array, of this type.
    case v2(type: String)
  }

  /// Where reading begins, where no cursor says it.
  enum Begin: Equatable, Sendable {
    case question(TimeQuestion)
    case offset(Offset)
    case cursor(ReadCursor)
  }

  let form: Form
  let begin: Begin
  let limits: ReadLimits
  /// How long to wait for a first record, in milliseconds.
  let timeoutMilliseconds: Int64
  /// Whether the answer goes on with what comes.
  let follows: Bool
  /// The only partition that is read.
  let partition: Int32?
  let format: RecordFormat
  let extras: RecordExtras

  /// The longest wait, in milliseconds: a longer `timeout` counts as this.
  static let longestWait: Int64 = 60_000

  /// What a later version adds to a read.
  private static let later = ["isolation", "filter", "lastEventID"]

  /// Reads the query; `partition` is the one that the path names.
  init(_ call: Call, partition path: Int32?) throws(Refusal) {
    try call.refuseLater(Self.later)
    form = try Self.form(call)
    follows = try call.flag("follow")
    guard !follows || form == .lines else {
      throw .request(.parameter(name: "follow", "belongs to answers of type application/x-ndjson."))
    }
    let asked: Int32? = try call.integer("partition", in: 0...Int32.max)
    partition = path ?? asked
    begin = try Self.begin(call, follows, hasPartition: path != nil)
    limits = try Self.limits(call, form)
    timeoutMilliseconds = min(try call.duration("timeout") ?? 0, Self.longestWait)
    (format, extras) = try Self.rendering(call, form)
  }

  private static func form(_ call: Call) throws(Refusal) -> Form {
    guard let header = call.request.header("Accept"), header != "*/*" else { return .json }
    let accept = Accept(header)
    let v2 = [MediaType.kafkaJSON, MediaType.kafkaBinary, MediaType.kafkaText, MediaType.kafkaV2]
    let offers = [MediaType.json, MediaType.ndjson] + v2
    switch accept.best(of: offers + [MediaType.eventStream]) {
    case MediaType.json?: return .json
    case MediaType.ndjson?: return .lines
    case MediaType.eventStream?: throw .request(.later("server-sent events (text/event-stream)"))
    case let type?: return .v2(type: type)
    case nil:
      guard let type = accept.first(prefix: "application/vnd.kafka.") else {
        throw .request(.notAcceptable(offered: offers))
      }
      for format in ["avro", "jsonschema", "protobuf"] where type.contains(".\(format).") {
        throw .request(.later("reading in the format \(format)"))
      }
      throw .request(.notAcceptable(offered: offers))
    }
  }

  private static func begin(
    _ call: Call, _ follows: Bool, hasPartition: Bool
  ) throws(Refusal) -> Begin {
    let names = ["cursor", "from", "offset"].filter { call.request.query($0) != nil }
    guard names.count < 2 else {
      throw .request(.parameter(name: names[1], "cannot be given together with '\(names[0])'."))
    }
    switch names.first {
    case "cursor"?:
      do throws(ReadingFault) {
        return .cursor(try ReadCursor(Array((call.request.query("cursor") ?? "").utf8).span))
      } catch {
        throw .reading(error)
      }
    case "offset"?:
      guard hasPartition || call.request.query("partition") != nil else {
        throw .request(.parameter(name: "offset", "belongs to one partition; add partition=."))
      }
      let offset: Offset? = try call.integer("offset", in: 0...Offset.max)
      return .offset(offset ?? 0)
    default:
      return .question(try call.time("from") ?? (follows ? .latest : .earliest))
    }
  }

  private static func limits(_ call: Call, _ form: Form) throws(Refusal) -> ReadLimits {
    var limits = ReadLimits()
    let records: Int? = try call.integer("limit", in: 1...Int.max)
    let bytes: Int? = try call.integer("max_bytes", in: 1...Int.max)
    limits.records = records.map { min($0, ReadLimits.mostRecords) }
    limits.bytes = bytes.map { min($0, ReadLimits.mostBytes) }
    if form != .lines {
      limits.records = limits.records ?? ReadLimits.defaultRecords
      limits.bytes = limits.bytes ?? ReadLimits.defaultBytes
    }
    limits.key = call.request.query("key").map { KeyFilter($0) }
    return limits
  }

  private static func rendering(
    _ call: Call, _ form: Form
  ) throws(Refusal) -> (RecordFormat, RecordExtras) {
    let extras = RecordExtras(call.request.query("include") ?? "")
    guard let extras else {
      throw .request(
        .parameter(name: "include", "takes headers, timestamp, key and metadata, with commas."))
    }
    if let text = call.request.query("format") {
      guard let format = RecordFormat(rawValue: text) else {
        throw .request(.parameter(name: "format", "takes json, text or binary."))
      }
      return (format, extras)
    }
    switch form {
    case .v2(MediaType.kafkaBinary): return (.binary, extras)
    case .v2(MediaType.kafkaText): return (.text, extras)
    default: return (.json, extras)
    }
  }
}
