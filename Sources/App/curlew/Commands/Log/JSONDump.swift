internal import CommitLog
internal import JSON
internal import Model

/// A dump for machines: one JSON object a line, told apart by `type`.
struct JSONDump: DumpWriter {
  private var output: BufferedOutput

  init(_ invocation: Invocation) { output = BufferedOutput(invocation) }

  private mutating func line(
    _ type: String, _ body: (inout JSONWriter) -> Void
  ) throws(AppError) {
    try output.put(JSONWriter.line(type, body))
  }

  mutating func overview(_ inspector: Inspector) throws(AppError) {
    for file in inspector.superblocks { try superblock(file) }
    for file in inspector.journalFiles { try journalFile(file) }
    try line("journal") { Self.write(inspector.chain, to: &$0) }
    for file in inspector.snapshots { try snapshot(file) }
  }

  private mutating func superblock(_ file: Inspected<Superblock>) throws(AppError) {
    try line("superblock") { json in
      json.member("path", file.path)
      if let problem = file.problem { json.member("problem", problem) }
      guard let superblock = file.value else { return }
      json.member("number", superblock.number)
      json.member("node_id", superblock.node.text)
      json.member("incarnation", superblock.incarnation)
      json.member("state", superblock.state.name)
      json.member("process", superblock.process)
      json.member("host", superblock.host)
      json.member("journal_files", superblock.geometry.files)
      json.member("blocks_per_file", superblock.geometry.blocksPerFile)
      json.member("newest_sequence", superblock.newestSequence)
      json.member("watermark", superblock.watermark)
      json.array("checkpoints") { json in
        for checkpoint in superblock.checkpoints {
          json.object { json in
            json.member("position", checkpoint.position)
            json.member("last_frame", checkpoint.lastFrame)
            json.member("snapshot", checkpoint.snapshot)
            json.member("length", checkpoint.length)
            json.member("digest", Self.hexadecimal(checkpoint.digest))
          }
        }
      }
    }
  }

  private mutating func journalFile(_ file: Inspected<JournalFileHead>) throws(AppError) {
    try line("journal_file") { json in
      json.member("path", file.path)
      json.member("bytes", file.bytes)
      if let problem = file.problem { json.member("problem", problem) }
      guard let head = file.value else { return }
      json.member("slot", head.slot)
      json.member("sequence", head.sequence)
      json.member("first_position", head.firstPosition)
      json.member("incarnation", head.incarnation)
    }
  }

  private static func write(_ chain: Result<JournalChain, LogError>, to json: inout JSONWriter) {
    switch chain {
    case .failure(let error): json.member("problem", "\(error)")
    case .success(let chain):
      if let checkpoint = chain.checkpoint { json.member("checkpoint", checkpoint.position) }
      json.member("start", chain.start)
      json.member("end", chain.end)
      json.member("frames", chain.frames.count)
      json.member("remains", chain.remains)
      if let verdict = chain.verdict { json.member("verdict", verdict.name) }
      if let damage = chain.damage { json.member("problem", "\(damage)") }
    }
  }

  private mutating func snapshot(_ file: Inspected<Snapshot>) throws(AppError) {
    try line("snapshot") { json in
      json.member("path", file.path)
      json.member("bytes", file.bytes)
      if let problem = file.problem { json.member("problem", problem) }
      guard let snapshot = file.value else { return }
      json.member("position", snapshot.position)
      json.member("last_frame", snapshot.lastFrame)
      json.member("partitions", snapshot.partitions.count)
      json.member("catalogue_records", snapshot.catalogue.records.count)
    }
  }

  mutating func begin(_ file: Inspected<JournalFileHead>) throws(AppError) {}

  mutating func frame(_ item: JournalItem) throws(AppError) {
    switch item {
    case .finding(let found): try finding(found)
    case .frame(let frame):
      try line("frame") { json in
        let head = frame.head
        json.member("position", head.position)
        json.member("blocks", head.blocks)
        json.member("incarnation", frame.incarnation)
        json.member("previous", head.previous)
        json.member("standing", frame.standing.name)
        json.member("bytes", head.bytes)
        json.array("rows") { json in for row in head.rows { Self.write(row, to: &json) } }
      }
    }
  }

  private static func write(_ row: Row, to json: inout JSONWriter) {
    json.object { json in
      json.member("entry", row.entry)
      json.member("kind", row.kind.name)
      json.member("partition", row.partition.rawValue)
      json.member("base_offset", row.baseOffset)
      json.member("count", row.count)
      json.member("length", row.length)
      json.member("append_time", row.appendTime)
    }
  }

  mutating func partitions(_ partitions: [InspectedPartition]) throws(AppError) {
    for partition in partitions {
      try line("partition") { json in
        json.member("directory", partition.directory)
        if let identity = partition.identity {
          json.member("topic", identity.topic.text)
          json.member("topic_id", identity.topicID.text)
          json.member("index", identity.index)
          json.member("number", identity.number.rawValue)
        }
        json.member("log_start", partition.logStart)
        json.member("end", partition.end)
        json.member("segments", partition.segments.count)
      }
      for segment in partition.segments { try write(segment) }
    }
  }

  private mutating func write(_ segment: InspectedSegment) throws(AppError) {
    try line("segment") { json in
      json.member("path", segment.path)
      json.member("base", segment.base)
      json.member("end", segment.end)
      json.member("records", segment.records)
      json.member("bytes", segment.bytes)
      if let timestamp = segment.firstTimestamp { json.member("first_timestamp", timestamp) }
      if let timestamp = segment.greatestTimestamp { json.member("greatest_timestamp", timestamp) }
      json.name("sealed")
      json.bool(segment.isSealed)
      if let finding = segment.finding {
        json.member("problem", finding.sentence)
        json.member("problem_position", finding.position)
      }
    }
  }

  mutating func record(
    _ record: Record, _ batch: RecordBatch, end: Offset
  ) throws(AppError) {
    let headers = (try? record.headers(in: batch)) ?? []
    try line("record") { json in
      json.member("offset", record.offset)
      json.member("timestamp", record.timestamp)
      json.member("key", bytes: record.key.map { batch.storage[$0] })
      json.member("value", bytes: record.value.map { batch.storage[$0] })
      guard !headers.isEmpty else { return }
      json.array("headers") { json in
        for header in headers {
          json.object { json in
            json.member("name", header.key)
            json.member("value", bytes: header.value.map { $0[...] })
          }
        }
      }
    }
  }

  mutating func finding(_ finding: Finding) throws(AppError) {
    try line("finding") { json in json.write(finding) }
  }

  mutating func finish() throws(AppError) { try output.flush() }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension JSONWriter {
  /// A line that holds one object, with its `type` and what `body` adds.
  static func line(_ type: String, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
    let json = JSONWriter.object { json in
      json.member("type", type)
      body(&json)
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  /// Bytes as a string where they are text, else as `{"$base64":"…"}`.
  mutating func member(_ name: StaticString, bytes: ArraySlice<UInt8>?) {
    self.name(name)
    guard let bytes else { return null() }
    if let text = String(validating: bytes, as: UTF8.self) { return string(text) }
    base64(Array(bytes).span)
  }

  /// The members of a finding.
  mutating func write(_ finding: Finding) {
    member("path", finding.path)
    member("position", finding.position)
    member("problem", finding.sentence)
  }
}
