internal import JSON
internal import Model
internal import Store

/// Why a request was refused, with the values that explain it; `Problem+Errors` has the words.
enum Refusal: Error, Sendable, Equatable {
  /// What the store said.
  case store(StoreError)
  /// What is wrong with the path, the query or the headers.
  case request(RequestFault)
  /// What is wrong with the body.
  case body(ContentFault)
  /// What is wrong with a name, a partition or a setting.
  case name(NamingFault)
  /// Why records cannot be read.
  case reading(ReadingFault)
}

extension Refusal {
  /// Whether it says something of one record and nothing of those beside it.
  var concernsOneRecord: Bool {
    switch self {
    case .body(.recordTooLarge), .body(.timestampOutOfRange): true
    default: false
    }
  }
}

/// What is wrong with a request before its body is looked at.
enum RequestFault: Error, Sendable, Equatable {
  /// Nothing lives at this path.
  case noRoute(path: String)
  /// The path is there, and answers other methods.
  case methodNotAllowed(method: String, allowed: [String])
  /// The caller takes none of the types that the answer can have.
  case notAcceptable(offered: [String])
  /// The body is of a type that is not taken here.
  case unsupportedMediaType(String, hint: String)
  /// A feature that a later version adds: its name.
  case later(String)
  /// Refused before it was routed: the status, the code, and why.
  case transport(status: Int, code: String, message: String)
  /// The body is larger than the server takes.
  case bodyTooLarge(limit: Int)
  /// A query parameter's value does not fit; the sentence says what would.
  case parameter(name: String, String)
  /// A header's value does not fit; the sentence says what would.
  case header(name: String, String)
  /// The caller may not do that.
  case forbidden(Principal, Operation, Resource)
  /// Too much is going on; after so many seconds it may be less.
  case busy(retryAfterSeconds: Int)
  /// The server ends.
  case closing
}

/// What is wrong with a body.
enum ContentFault: Error, Sendable, Equatable {
  /// It is not JSON, or not the JSON that is wanted.
  case json(JSONFault)
  /// It is empty, and must not be.
  case empty
  /// A field that this request does not have.
  case unrecognizedField(String)
  /// A field that has to be there and is not.
  case missingField(String)
  /// A field's value is outside its bounds; the sentence says which.
  case invalidField(name: String, String)
  /// A list of records without one.
  case noRecords
  /// A text that should be base64.
  case badBase64(String)
  /// Text that is not UTF-8.
  case notUTF8
  /// One record alone exceeds what the topic takes.
  case recordTooLarge(size: Int, limit: Int)
  /// One record's timestamp is not one that the topic takes.
  case timestampOutOfRange(Timestamp, ClosedRange<Timestamp>)
  /// A line without a key where one is asked for.
  case noKey(line: Int, pointer: String)
}

/// What is wrong with a name, a partition or a setting.
enum NamingFault: Error, Sendable, Equatable {
  /// A name that no topic can have, for one that is to be made.
  case invalidTopicName(InvalidTopicName)
  /// A name that the product keeps for itself.
  case reservedTopicName(TopicName)
  /// A topic that cannot exist, asked for by a name that none can have.
  case unknownTopic(String)
  /// A partition that cannot exist, asked for by what is no number of one.
  case unknownPartition(String)
  /// A record's partition that its topic does not have.
  case recordPartition(Int64, count: Int32)
  /// A cluster of another name.
  case unknownCluster(String)
  /// A setting that a topic does not have, where v3 asks for it by its path.
  case unknownConfig(String, TopicName, cluster: String)
  /// A setting that is not there, or does not take the value.
  case setting(SettingFault)
  /// More replicas than there are nodes.
  case replicationFactor(Int64)
}

/// Why records cannot be read.
enum ReadingFault: Error, Sendable, Equatable {
  /// A cursor that this server did not make, or that was changed.
  case badCursor
  /// A cursor of another topic than the one asked for, or of one that was deleted.
  case foreignCursor
  /// More partitions than one cursor can hold.
  case tooManyPartitions(count: Int, limit: Int)
  /// No record has that offset: it was compacted away, or is a mark of the log's own.
  case noRecord(offset: Int64)
  /// What stands in the log cannot be taken apart; the sentence says where.
  case damagedBatch(String)
}
