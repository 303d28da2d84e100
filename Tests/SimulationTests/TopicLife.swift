/// What is known of one topic from its creation to its deletion; a name may have several lives.
struct TopicLife {
  enum Certainty { case no, maybe, yes }

  let name: String
  let partitions: Int
  /// The id that the node gave it, once seen.
  var id: String?
  var isCreated = Certainty.maybe
  var isDeleted = Certainty.no
  /// Whether a create or delete of it is on its way.
  var isBusy = true
  var logs: [PartitionHistory]

  init(name: String, partitions: Int) {
    self.name = name
    self.partitions = partitions
    logs = Array(repeating: PartitionHistory(), count: partitions)
  }

  /// Whether a client may rely on it.
  var isCertain: Bool { isCreated == .yes && isDeleted == .no }

  /// Whether its name is free for another life.
  var isOver: Bool { !isBusy && (isCreated == .no || isDeleted == .yes) }
}

/// What is known of one partition.
struct PartitionHistory {
  /// The record at each offset that was acknowledged or read.
  var slots: [RecordName?] = []
  /// The greatest end that anybody has seen.
  var end: Int64 = 0
  /// Records that something befell on the disk: they may be damaged.
  var doomed: Set<Int64> = []
  /// Those of them that a read was refused for.
  var isDamaged = false
  /// The greatest start that anybody has seen.
  var start: Int64 = 0
  /// The greatest start that somebody has asked for.
  var askedStart: Int64 = 0

  subscript(offset: Int64) -> RecordName? {
    get { offset < slots.count ? slots[Int(offset)] : nil }
    set {
      while slots.count <= offset { slots.append(nil) }
      slots[Int(offset)] = newValue
    }
  }
}

/// What is known of one append.
struct AppendHistory {
  enum State {
    /// On its way.
    case open
    /// It must be there: acknowledged as durable, or found at a start.
    case present
    /// Answered `refused`: it must never be there.
    case refused
    /// Nobody knows until the next start.
    case unanswered
    /// Not there after a start: it must never come back.
    case absent
  }

  struct Part {
    let life: Int
    let partition: Int
    let count: Int
    /// The end of the partition that was seen when the append was handed in.
    let floor: Int64
    /// Where its first record stands, once known.
    var base: Int64?
    /// How many of its records were acknowledged or read.
    var seen = 0
  }

  var state = State.open
  var parts: [Part]
}
