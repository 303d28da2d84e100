import Platform

/// A node under simulation, one life of it: from a start to the death of its process. Everything
/// runs on the caller's thread, one step at a time.
protocol SimulatedNode: AnyObject {
  /// Hands a request in. Its answer comes later, or never when the node dies first.
  func submit(_ request: NodeRequest, ticket: Int)

  /// The answers that came since the last call, in their order.
  func takeAnswers() -> [(ticket: Int, answer: NodeAnswer)]

  /// Records of one partition from `offset` on; at least one where there is one, however large.
  func read(_ topic: String, _ partition: Int, from offset: Int64, maxBytes: Int) -> ReadAnswer

  /// All topics of the user; `nil` where the answer is parked until something is durable.
  func topics() -> [TopicListing]?

  /// What the node says cannot be read any more.
  func damage() -> [DamagedRecords]

  /// Lets one of the node's threads do one piece of its work; `false` where it found none.
  func step(_ thread: NodeThread) -> Bool

  /// Stops in good order. The process is gone afterwards.
  func stop()
}

extension SimulatedNode {
  func damage() -> [DamagedRecords] { [] }
}

/// Offsets of a partition.
struct DamagedRecords: Equatable {
  /// The topic's id.
  var topic: String
  var partition: Int
  var offsets: Range<Int64>
}

/// Makes nodes, life after life, on one disk.
protocol NodeFactory {
  /// Starts a process that recovers what `files` holds below `/data`.
  func start(
    on files: any FileSystem, time: any TimeSource, entropy: any Entropy
  ) throws(StartFailure) -> any SimulatedNode
}

/// Why a node did not start.
enum StartFailure: Error, Equatable {
  /// A call of the disk failed.
  case disk(SystemError)
  /// The last frame may be rotten or may never have been acknowledged: an operator must say which.
  /// These are the file and the range of its bytes that would be given up.
  case uncertain(path: String, range: Range<Int64>)
  /// Any other verdict.
  case refused(String)
}

/// The threads of a node.
enum NodeThread: CaseIterable { case commit, materialise, checkpoint, housekeep }

/// What a client asks for.
enum NodeRequest: Equatable {
  case append([AppendPart], level: Level)
  case createTopic(String, partitions: Int)
  case deleteTopic(String)
  /// All records of a partition below an offset.
  case deleteRecords(String, partition: Int, before: Int64)

  /// When an append is answered.
  enum Level { case disk, memory }
}

/// Records for one partition; all parts of an append are one entry.
struct AppendPart: Equatable {
  var topic: String
  var partition: Int
  var records: [NodeRecord]
}

/// A record as a client sees it.
struct NodeRecord: Equatable {
  var key: [UInt8]?
  var value: [UInt8]
}

/// What a client is told.
enum NodeAnswer: Equatable {
  /// The base offset of each part.
  case appended([Int64])
  case created(id: String)
  case deleted
  /// The first offset that is left.
  case advanced(start: Int64)
  /// Nothing was written, for certain.
  case refused(String)
  /// It may have been written or not.
  case unknown(String)
}

/// What a read is told.
enum ReadAnswer: Equatable {
  /// Records, and the partition's end offset (its high watermark).
  case records([(Int64, NodeRecord)], end: Int64)
  case outOfRange(start: Int64, end: Int64)
  case unknownTopic
  /// These offsets were acknowledged and cannot be read any more.
  case damaged(Range<Int64>)
  /// The disk did not give the bytes.
  case unavailable(String)

  static func == (a: ReadAnswer, b: ReadAnswer) -> Bool {
    switch (a, b) {
    case (.records(let x, let xEnd), .records(let y, let yEnd)):
      xEnd == yEnd && x.count == y.count && zip(x, y).allSatisfy { $0 == $1 }
    case (.outOfRange(let x, let xEnd), .outOfRange(let y, let yEnd)): x == y && xEnd == yEnd
    case (.unknownTopic, .unknownTopic): true
    case (.damaged(let x), .damaged(let y)): x == y
    case (.unavailable(let x), .unavailable(let y)): x == y
    default: false
    }
  }
}

/// A topic in a list of them.
struct TopicListing: Equatable {
  var name: String
  var id: String
  var partitions: Int
}
