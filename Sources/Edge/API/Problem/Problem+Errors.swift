internal import JSON
internal import Model
internal import Store

// The one place where errors get their HTTP meaning: by error and family.

extension Problem {
  /// `refusal` in the words of `family`.
  init(_ refusal: Refusal, _ family: Family) {
    switch refusal {
    case .store(let error): self.init(error, family)
    case .request(let fault): self.init(fault, family)
    case .body(let fault): self.init(fault, family)
    case .name(let fault): self.init(fault, family)
    case .reading(let fault): self.init(fault)
    }
  }
}

extension Problem {
  private init(_ error: StoreError, _ family: Family) {
    switch error {
    case .unknownTopic(let name): self = .unknownTopic(name.text, family)
    case .topicExists(let name): self = .topicExists(name.text, family)
    case .unknownPartition(_, let partition, let count):
      self = .unknownPartition(String(partition), count: count, family)
    case .invalidPartitionCount(let sentence):
      self = .unacceptable("invalid_partitions", sentence, family)
    case .invalidConfiguration(let sentence):
      self = .unacceptable("invalid_configuration", sentence, family)
    case .offsetOutOfRange(let requested, let start, let end):
      self.init(
        416, "offset_out_of_range",
        "The offset \(requested) is not in the partition, which has \(start) up to \(end).",
        hint: "Read from \(start), from \(end) for what comes next, or with from=earliest.")
      range = start..<max(start, end)
    case .batchTooLarge(let size, let limit), .entryTooLarge(let size, let limit):
      self.init(
        413, "too_large",
        "The records take \(size) bytes together, and at most \(limit) can be written at once.",
        hint: "Send fewer records in a request.")
    case .invalidRecords(let sentence): self.init(422, "invalid_records", sentence)
    case .durabilityTooLow(let topic, let asked, let least):
      self = .unacceptable(
        "durability_too_low",
        "Topic '\(topic)' takes no records with acks=\(asked.rawValue): its curlew.min.durability "
          + "is \(least.rawValue).", family)
    case .busy(let seconds): self = .busy(seconds, family)
    case .outOfSpace:
      self.init(
        507, family == .native ? nil : 50002, "out_of_space",
        "The disk is full, or nearly so: nothing was written.",
        hint: "Delete topics or records, or lower retention.ms and retention.bytes: reading and "
          + "deleting still work. --disk-reserve says how much is kept free.")
    case .unavailable(let sentence):
      self.init(503, family == .native ? nil : 50302, "unavailable", sentence)
      retryAfterSeconds = 5
    case .commitUnknown:
      self.init(
        500, family == .native ? nil : 50002, "commit_unknown",
        "Writing failed after the record had its offset: it may be there or not.",
        hint: "Read the end of the topic before you send it again.")
    case .unsupported(let sentence): self.init(501, "not_implemented", sentence)
    case .damaged(let topic, let partition, let from, let to):
      self.init(
        500, family == .native ? nil : 50002, "damaged",
        "Offsets \(from) to \(to - 1) of partition \(partition) of '\(topic)' were acknowledged and "
          + "are damaged: they cannot be read any more.",
        hint: "Go on reading at offset \(to).")
    case .readFailed(let sentence):
      self.init(500, family == .native ? nil : 50002, "read_failed", sentence)
    }
  }

  private init(_ fault: RequestFault, _ family: Family) {
    let isNative = family == .native
    switch fault {
    case .noRoute(let path):
      self.init(
        404, "not_found", isNative ? "There is nothing at \(path)." : "HTTP 404 Not Found",
        hint: "GET /capabilities lists what this server does.")
    case .methodNotAllowed(let method, let allowed):
      self.init(
        405, "method_not_allowed",
        isNative
          ? "\(method) is not possible here; \(allowed.joined(separator: ", ")) is."
          : "HTTP 405 Method Not Allowed")
    case .notAcceptable(let offered):
      self.init(
        406, "not_acceptable",
        isNative
          ? "Accept names none of what can be answered: \(offered.joined(separator: ", "))."
          : "HTTP 406 Not Acceptable")
    case .unsupportedMediaType(let type, let hint):
      self.init(
        415, "unsupported_media_type",
        isNative
          ? "A body of type '\(type)' is not taken here." : "HTTP 415 Unsupported Media Type",
        hint: hint)
    case .later(let feature):
      self.init(
        501, "not_implemented", "This version does not have \(feature) yet.",
        hint: "GET /capabilities lists what it has.")
    case .transport(let status, let code, let message): self.init(status, code, message)
    case .bodyTooLarge(let limit):
      self.init(
        413, "body_too_large",
        isNative
          ? "The body is larger than \(limit) bytes." : "HTTP 413 Request Entity Too Large",
        hint: "Send fewer records in a request, or start the server with a larger --max-body.")
    case .parameter(let name, let sentence):
      self.init(400, "invalid_parameter", "The query parameter '\(name)' \(sentence)")
    case .header(let name, let sentence):
      self.init(400, "invalid_header", "The header '\(name)' \(sentence)")
    case .forbidden(let principal, let operation, let resource):
      self.init(
        403, isNative ? nil : 40301, "forbidden",
        isNative
          ? "\(principal) may not \(operation.rawValue) \(resource)." : "Request is not authorized")
    case .busy(let seconds): self = .busy(seconds, family)
    case .closing:
      self.init(503, isNative ? nil : 50302, "closing", "The server is about to end.")
      retryAfterSeconds = 1
    }
  }

  private init(_ fault: ContentFault, _ family: Family) {
    switch fault {
    case .json(let fault): self.init(fault, family)
    case .empty:
      self.init(
        family == .v3 ? 422 : 400, family == .v3 ? 42206 : nil, "empty_body",
        family == .v3
          ? "Payload error. Request body is empty. Data is required."
          : "The request needs a body, and has none.")
    case .unrecognizedField(let name):
      self.init(422, "unrecognized_field", "Unrecognized field: \(name)")
    case .missingField(let name):
      self.init(
        422, family == .v3 ? 42206 : nil, "missing_field",
        family == .v3 ? "Payload error. Field '\(name)' is required." : "\(name) may not be null")
    case .invalidField(let name, let sentence):
      self.init(422, family == .v3 ? 42206 : nil, "invalid_field", "\(name) \(sentence)")
    case .noRecords: self.init(422, "no_records", "records may not be empty")
    case .badBase64(let text):
      self.init(
        400, "bad_base64", "Bad Request: data=\"\(text)\" is not a valid base64 string.")
    case .notUTF8:
      self.init(
        400, "not_utf8", "The body is not UTF-8.",
        hint: "Bytes that are no text go as application/octet-stream.")
    case .recordTooLarge(let size, let limit): self = .recordTooLarge(size, limit)
    case .timestampOutOfRange(let timestamp, let range):
      self.init(
        422, "invalid_timestamp",
        "Timestamp \(timestamp) of message is out of range. The timestamp should be within "
          + "[\(range.lowerBound), \(range.upperBound)].",
        hint: "message.timestamp.before.max.ms and message.timestamp.after.max.ms of the topic "
          + "say how far it may lie off.")
    case .noKey(let line, let pointer):
      self.init(422, "no_key", "Line \(line) has nothing at '\(pointer)' to be its key.")
    }
  }

  private init(_ fault: JSONFault, _ family: Family) {
    switch fault.kind {
    case .malformed: self.init(400, "malformed_json", "The body is not JSON: \(fault.message).")
    case .tooDeep: self.init(400, "too_deep", "The body is too deep: \(fault.message).")
    case .notUTF8: self.init(400, "not_utf8", "The body is not UTF-8: \(fault.message).")
    case .tooLarge: self.init(413, "body_too_large", fault.message)
    case .unexpectedType:
      self.init(400, "wrong_type", "Cannot deserialize the body: \(fault.message).")
    case .duplicateName:
      self.init(400, "duplicate_field", "Cannot deserialize the body: \(fault.message).")
    case .outOfRange: self.init(422, family == .v3 ? 42206 : nil, "invalid_field", fault.message)
    case .missingField:
      self.init(422, family == .v3 ? 42206 : nil, "missing_field", fault.message)
    case .unknownField: self.init(422, "unrecognized_field", fault.message)
    }
  }

  private init(_ fault: NamingFault, _ family: Family) {
    switch fault {
    case .invalidTopicName(let name):
      self.init(
        422, family == .v2 ? nil : 42206, "invalid_topic_name",
        family == .v3 ? "Payload error. Invalid topic name." : name.description)
    case .reservedTopicName(let name):
      self.init(
        403, family == .native ? nil : 40301, "reserved_topic_name",
        "'\(name)' is a topic of the server's own and is not written to from outside.")
    case .unknownTopic(let text): self = .unknownTopic(text, family)
    case .unknownPartition(let text): self = .unknownPartition(text, count: nil, family)
    case .recordPartition(let partition, let count):
      self.init(
        family == .v2 ? 500 : 404, family == .v2 ? 50002 : 40402, "unknown_partition",
        "Invalid partition given with record: \(partition) is not in the range [0...\(count - 1)].")
    case .unknownCluster(let id):
      self.init(404, "unknown_cluster", "Cluster \(id) cannot be found.")
    case .unknownConfig(let name, let topic, let cluster):
      self.init(
        404, "unknown_config",
        "Config \(name) cannot be found for TOPIC \(topic) in cluster \(cluster).")
    case .setting(let fault):
      self = .unacceptable("invalid_configuration", fault.description, family)
    case .replicationFactor(let factor):
      self = .unacceptable(
        "invalid_replication_factor",
        "Replication factor: \(factor) larger than available brokers: 1.", family)
    }
  }

  private init(_ fault: ReadingFault) {
    switch fault {
    case .badCursor:
      self.init(
        400, "invalid_cursor", "The cursor is not one that this server gave out, or was changed.",
        hint: "Take 'next' of an answer as it is, or begin with from=earliest.")
    case .foreignCursor:
      self.init(
        400, "foreign_cursor", "The cursor is of other topics or partitions than those asked for.",
        hint: "Begin with from=earliest where the topic was deleted and made again.")
    case .tooManyPartitions(let count, let limit):
      self.init(
        422, "too_many_partitions",
        "\(count) partitions are more than the \(limit) that one cursor holds.",
        hint: "Read fewer topics at once, or one partition with partition=.")
    case .noRecord(let offset):
      self.init(
        404, 40404, "no_record", "There is no record at offset \(offset): it was compacted away.")
    case .damagedBatch(let sentence): self.init(500, "damaged", sentence)
    }
  }
}

extension Problem {
  private static func unknownTopic(_ name: String, _ family: Family) -> Problem {
    switch family {
    case .v2: Problem(404, 40401, "unknown_topic", "Topic not found.")
    case .v3:
      Problem(404, 40403, "unknown_topic", "This server does not host this topic-partition.")
    case .native:
      Problem(
        404, 40401, "unknown_topic", "There is no topic '\(name)'.",
        hint: "POST /topics creates one; GET /topics lists them.")
    }
  }

  private static func topicExists(_ name: String, _ family: Family) -> Problem {
    switch family {
    case .v2, .v3: Problem(400, 40002, "topic_exists", "Topic '\(name)' already exists.")
    case .native: Problem(409, "topic_exists", "There is a topic '\(name)' already.")
    }
  }

  private static func unknownPartition(
    _ partition: String, count: Int32?, _ family: Family
  ) -> Problem {
    switch family {
    case .v2, .v3: return Problem(404, 40402, "unknown_partition", "Partition not found.")
    case .native:
      let range = count.map { "; the topic has 0 to \($0 - 1)" } ?? ""
      return Problem(
        404, 40402, "unknown_partition", "There is no partition \(partition)\(range).")
    }
  }

  /// What Kafka itself would refuse: 40002 where Confluent's clients look for it.
  private static func unacceptable(
    _ code: String, _ sentence: String, _ family: Family
  ) -> Problem {
    switch family {
    case .v2, .v3: Problem(400, 40002, code, sentence)
    case .native: Problem(422, code, sentence)
    }
  }

  private static func busy(_ seconds: Int, _ family: Family) -> Problem {
    var problem = Problem(
      503, family == .native ? nil : 50302, "busy",
      "More is waiting to be written than the server holds: nothing was done.",
      hint: "Send it again after the time that Retry-After says.")
    problem.retryAfterSeconds = max(1, seconds)
    return problem
  }

  private static func recordTooLarge(_ size: Int, _ limit: Int) -> Problem {
    Problem(
      413, "record_too_large",
      "The message is \(size) bytes when serialized which is larger than \(limit), "
        + "which is the value of the max.message.bytes configuration.",
      hint: "Raise max.message.bytes of the topic, or keep large content elsewhere.")
  }
}

extension Problem {
  /// Code and text of a record that was refused by itself inside an answer 200.
  static func ofRecord(_ refusal: Refusal) -> (code: Int, text: String) {
    if case .name(.invalidTopicName(let name)) = refusal {
      return (50002, "Invalid topics: [\(name.text)]")
    }
    return (50002, Problem(refusal, .v2).message)
  }
}
