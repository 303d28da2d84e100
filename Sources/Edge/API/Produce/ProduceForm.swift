/// How the records of a produce stand in its body, by the header `Content-Type`.
enum ProduceForm: Equatable, Sendable {
  /// v2's envelope.
  case envelope(Envelope.Form)
  /// One JSON value, which is the record's value.
  case json
  /// One JSON value a line.
  case lines
  /// One record whose value is the body; its type is kept.
  case bytes(type: String)
  /// JSON if it is JSON, else bytes: what `curl -d` sends says nothing of what it is.
  case judged

  /// Whose words the answer uses.
  var family: Family {
    if case .envelope = self { .v2 } else { .native }
  }

  /// The form that `header` names.
  init(_ header: String?) throws(RequestFault) {
    switch header {
    case nil: self = .judged
    case MediaType.json?: self = .json
    case MediaType.kafkaJSON?: self = .envelope(.json)
    case MediaType.form?: self = .judged
    case .some(let header): self = try Self.read(header)
    }
  }

  private static func read(_ header: String) throws(RequestFault) -> ProduceForm {
    guard let type = MediaType(header) else {
      if header.allSatisfy({ $0 == " " || $0 == "\t" }) { return .judged }
      throw .unsupportedMediaType(header, hint: "Content-Type is written TYPE/SUBTYPE.")
    }
    switch type.essence {
    case MediaType.json:
      try requireUTF8(type)
      return .json
    case MediaType.ndjson, "application/ndjson", "application/jsonl", "application/x-jsonlines":
      try requireUTF8(type)
      return .lines
    case MediaType.form: return .judged
    case MediaType.kafkaJSON: return .envelope(.json)
    case MediaType.kafkaBinary: return .envelope(.binary)
    case MediaType.kafkaText: return .envelope(.text)
    case let name where name.hasPrefix("application/vnd.kafka"): throw vendor(name)
    case let name where name.hasPrefix("application/cloudevents"):
      throw .later("CloudEvents (\(name))")
    case let name where name.hasPrefix("multipart/"): throw .later("multipart bodies")
    default: return .bytes(type: header)
    }
  }

  private static func requireUTF8(_ type: MediaType) throws(RequestFault) {
    guard let charset = type.parameter("charset"), charset != "utf-8", charset != "utf8",
      charset != "us-ascii"
    else { return }
    throw .unsupportedMediaType(
      "\(type.essence); charset=\(charset)", hint: "JSON is UTF-8; send it so.")
  }

  private static func vendor(_ name: String) -> RequestFault {
    for format in ["avro", "jsonschema", "protobuf"]
    where name == "application/vnd.kafka.\(format).v2+json" {
      return .later("producing in the format \(format)")
    }
    return .unsupportedMediaType(
      name,
      hint: "The types of v2 are \(MediaType.kafkaJSON), \(MediaType.kafkaBinary) and "
        + "\(MediaType.kafkaText).")
  }
}
