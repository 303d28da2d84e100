internal import CommitLog
internal import Model

/// A dump for people: tables that line up, one line a record.
struct TextDump: DumpWriter {
  private var output: BufferedOutput
  private var frames: TextTable?

  init(_ invocation: Invocation) { output = BufferedOutput(invocation) }

  mutating func overview(_ inspector: Inspector) throws(AppError) {
    try output.put("Superblocks\n\(Self.superblocks(inspector).text)")
    try output.put("\nJournal\n\(Self.journal(inspector).text)\(Self.chain(inspector))")
    try output.put("\nSnapshots\n\(Self.snapshots(inspector).text)")
  }

  private static func superblocks(_ inspector: Inspector) -> TextTable {
    var table = TextTable([
      ("file", .left), ("number", .right), ("node", .left), ("incarnation", .right),
      ("state", .left), ("process", .right), ("host", .left), ("newest file", .right),
      ("watermark", .right), ("checkpoints", .left),
    ])
    for file in inspector.superblocks {
      guard let superblock = file.value else {
        table.add(unreadable(file, columns: 10))
        continue
      }
      let checkpoints = superblock.checkpoints.map { "\($0.position)" }.joined(separator: ", ")
      table.add([
        file.name, "\(superblock.number)", superblock.node.text, "\(superblock.incarnation)",
        superblock.state.name, "\(superblock.process)", superblock.host,
        "\(superblock.newestSequence)", "\(superblock.watermark)",
        checkpoints.isEmpty ? "none" : checkpoints,
      ])
    }
    return table
  }

  private static func unreadable<Content>(
    _ file: Inspected<Content>, columns: Int
  ) -> [String] {
    let empty = [String](repeating: "-", count: columns - 2)
    return [file.name] + empty + [file.problem ?? ""]
  }

  private static func journal(_ inspector: Inspector) -> TextTable {
    var table = TextTable([
      ("file", .left), ("slot", .right), ("sequence", .right), ("first position", .right),
      ("incarnation", .right), ("bytes", .right), ("", .left),
    ])
    for file in inspector.journalFiles {
      guard let head = file.value else {
        table.add([
          file.name, "-", "-", "-", "-", "\(file.bytes)", "not in use: " + (file.problem ?? ""),
        ])
        continue
      }
      table.add([
        file.name, "\(head.slot)", "\(head.sequence)", "\(head.firstPosition)",
        "\(head.incarnation)", "\(file.bytes)", "",
      ])
    }
    return table
  }

  private static func chain(_ inspector: Inspector) -> String {
    let chain: JournalChain
    switch inspector.chain {
    case .success(let read): chain = read
    case .failure(let error): return "  The journal cannot be replayed: \(error).\n"
    }
    let origin = chain.checkpoint.map { "the checkpoint at position \($0.position)" } ?? "birth"
    var text = "  From \(origin): \(counted(chain.frames.count, "live frame"))"
    if chain.remains > 0 {
      text += ", past \(counted(chain.remains, "stretch", "stretches")) without one"
    }
    switch (chain.verdict, chain.damage) {
    case (.end, _): text += "; the journal ends at position \(chain.end).\n"
    case (.torn, _):
      text += "; a frame torn by a crash follows at position \(chain.end), and is cut off.\n"
    case (nil, let damage):
      text += "; then damage: \(damage.map { "\($0)" } ?? "it cannot be read").\n"
    }
    return text
  }

  private static func snapshots(_ inspector: Inspector) -> TextTable {
    var table = TextTable([
      ("file", .left), ("position", .right), ("last frame", .right), ("bytes", .right),
      ("partitions", .right), ("catalogue records", .right), ("", .left),
    ])
    let named = inspector.checkpoints.map { inspector.directory.snapshot($0.snapshot) }
    for file in inspector.snapshots {
      let use = named.contains(file.path) ? "" : "no superblock names it"
      guard let snapshot = file.value else {
        table.add([file.name, "-", "-", "\(file.bytes)", "-", "-", file.problem ?? use])
        continue
      }
      table.add([
        file.name, "\(snapshot.position)", "\(snapshot.lastFrame)", "\(file.bytes)",
        "\(snapshot.partitions.count)", "\(snapshot.catalogue.records.count)", use,
      ])
    }
    return table
  }

  mutating func begin(_ file: Inspected<JournalFileHead>) throws(AppError) {
    try endFrames()
    guard let head = file.value else { return }
    try output.put("\nFrames of journal file \(file.name), sequence \(head.sequence)\n")
    frames = TextTable([
      ("position", .right), ("blocks", .right), ("incarnation", .right), ("previous", .right),
      ("standing", .left), ("bytes", .right), ("rows", .right), ("", .left),
    ])
  }

  mutating func frame(_ item: JournalItem) throws(AppError) {
    switch item {
    case .finding(let found): try finding(found)
    case .frame(let frame):
      let head = frame.head
      let shown = head.rows.prefix(3).map(Self.text)
      frames?.add([
        "\(head.position)", "\(head.blocks)", "\(frame.incarnation)", "\(head.previous)",
        frame.standing.name, "\(head.bytes)", "\(head.rows.count)",
        shown.joined(separator: ", ") + (head.rows.count > shown.count ? ", …" : ""),
      ])
    }
  }

  /// `append 7: 120 + 3` for three records from offset 120 on to partition 7.
  private static func text(_ row: Row) -> String {
    switch row.kind {
    case .append: "append \(row.partition): \(row.baseOffset) + \(row.count)"
    case .delete: "delete \(row.partition)"
    case .logStart, .roll, .replace: "\(row.kind.name) \(row.partition): \(row.baseOffset)"
    case .seal: "seal"
    }
  }

  private mutating func endFrames() throws(AppError) {
    guard let table = frames.take() else { return }
    try output.put(table.isEmpty ? "  none\n" : table.text)
  }

  mutating func partitions(_ partitions: [InspectedPartition]) throws(AppError) {
    try endFrames()
    var table = TextTable([
      ("partition", .left), ("number", .right), ("topic id", .left), ("log start", .right),
      ("end", .right), ("segments", .right),
    ])
    var segments = TextTable([
      ("segment", .left), ("base", .right), ("end", .right), ("records", .right),
      ("bytes", .right), ("first timestamp", .left), ("greatest timestamp", .left), ("", .left),
    ])
    for partition in partitions {
      let identity = partition.identity
      table.add([
        partition.directory, identity.map { "\($0.number)" } ?? "-",
        identity?.topicID.text ?? "not in the catalogue", "\(partition.logStart)",
        "\(partition.end)", "\(partition.segments.count)",
      ])
      for segment in partition.segments {
        let state =
          segment.finding.map { "from byte \($0.position) on: \($0.sentence)" }
          ?? (segment.isSealed ? "sealed" : "")
        segments.add([
          segment.path.split(separator: "/").suffix(2).joined(separator: "/"), "\(segment.base)",
          "\(segment.end)", "\(segment.records)", "\(segment.bytes)",
          RecordLine.time(segment.firstTimestamp), RecordLine.time(segment.greatestTimestamp),
          state,
        ])
      }
    }
    try output.put("\nPartitions\n\(table.text)\nSegments\n\(segments.text)")
  }

  mutating func record(
    _ record: Record, _ batch: RecordBatch, end: Offset
  ) throws(AppError) {
    let offset = "\(record.offset)"
    let padding = String(repeating: " ", count: max(0, "\(max(0, end - 1))".count - offset.count))
    let key = RecordLine.shown(record.key.map { batch.storage[$0] })
    let value = RecordLine.shown(record.value.map { batch.storage[$0] })
    try output.put("\(padding)\(offset)\t\(RecordLine.time(record.timestamp))\t\(key)\t\(value)\n")
  }

  mutating func finding(_ finding: Finding) throws(AppError) {
    try output.put("\(finding.path), position \(finding.position): \(finding.sentence)\n")
  }

  mutating func finish() throws(AppError) {
    try endFrames()
    try output.flush()
  }
}

/// `1 file`, `2 files`.
func counted(_ number: some BinaryInteger, _ word: String, _ plural: String? = nil) -> String {
  "\(number) \(number == 1 ? word : plural ?? word + "s")"
}
