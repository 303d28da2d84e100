internal import CommitLog
internal import Embedded
internal import Model
internal import Platform

/// `curlew log dump`.
enum LogDumpCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let inspector = try inspect(invocation)
    if isJSON {
      try dump(inspector, invocation.options, JSONDump(invocation))
    } else {
      try dump(inspector, invocation.options, TextDump(invocation))
    }
  }

  static let syntax = CommandSyntax(
    name: "log dump", operands: "DIR", summary: "Show what a data directory holds",
    introduction: """
      Shows superblocks, journal, snapshots, partitions and their segments of the
      data directory DIR. It only reads, and a server may be running on it.
      """,
    groups: [
      OptionGroup(
        title: "Options",
        options: [
          Option(name: "frames", summary: "Also show every whole frame of the journal"),
          Option(
            name: "records", argument: .required("TOPIC-N"),
            summary: "Show the records of one partition instead, one a line"),
          output, .help,
        ])
    ],
    closing: """
      Records
        A line has offset, timestamp, key and value, with a tab between them. What is
        no text of one line is shown as base64:..., a null key or value as null.

      Examples
        $ curlew log dump /var/lib/curlew
        $ curlew log dump --records orders-0 /var/lib/curlew
        $ curlew log dump --frames --output json /var/lib/curlew
      """,
    operandValues: [.directory])

  /// The option that both commands on logs have.
  static let output = Option(
    name: "output", letter: "o", argument: .required("WORD"),
    summary: "How to show it: text, or json, an object a line (default text)",
    values: .words(["text", "json"]))

  private static func inspect(_ invocation: Invocation) throws(AppError) -> Inspector {
    let directory = DataDirectory(invocation.options.operands[0], invocation.files)
    do throws(LogError) { return try Inspector(directory, CatalogueReplayer()) } catch {
      throw .failure("\(error).")
    }
  }

  private static func dump(
    _ inspector: Inspector, _ options: ParsedOptions, _ writer: consuming some DumpWriter
  ) throws(AppError) {
    var writer = writer
    if let name = options.value("records") {
      try records(of: name, inspector, &writer)
    } else {
      try writer.overview(inspector)
      if options.has("frames") {
        for file in inspector.journalFiles {
          try writer.begin(file)
          try inspector.frames(in: file) { (item) throws(AppError) in try writer.frame(item) }
        }
      }
      try writer.partitions(try partitions(inspector))
    }
    try writer.finish()
  }

  private static func partitions(_ inspector: Inspector) throws(AppError) -> [InspectedPartition] {
    do throws(LogError) { return try inspector.partitions() } catch { throw .failure("\(error).") }
  }

  private static func records(
    of name: String, _ inspector: Inspector, _ writer: inout some DumpWriter
  ) throws(AppError) {
    let known = try partitions(inspector)
    guard let partition = known.first(where: { $0.directory == name }) else {
      let near = Spelling.nearest(to: name, among: known.map(\.directory))
      throw .failure(
        "\(inspector.directory.path) has no partition \(name)"
          + (near.map { "; did you mean \($0)?" } ?? ".")
      )
    }
    try inspector.records(of: partition) { (item) throws(AppError) in
      switch item {
      case .finding(let finding): try writer.finding(finding)
      case .batch(let batch): try records(in: batch, end: partition.end, &writer)
      }
    }
  }

  private static func records(
    in batch: RecordBatch, end: Offset, _ writer: inout some DumpWriter
  ) throws(AppError) {
    let place = "offsets \(batch.baseOffset) to \(batch.lastOffset)"
    let plain: RecordBatch
    do throws(RecordBatchFault) { plain = try batch.decompressed(atMost: decompressedLimit) } catch
    {
      return try writer.finding(Finding(path: place, sentence: "\(error)"))
    }
    var cursor = RecordCursor(plain)
    while true {
      let record: Record?
      do throws(RecordBatchFault) { record = try cursor.next() } catch {
        return try writer.finding(Finding(path: place, sentence: "\(error)"))
      }
      guard let record else { return }
      try writer.record(record, plain, end: end)
    }
  }

  /// The most that one batch may grow to: many times what a topic takes.
  private static let decompressedLimit = 256 << 20
}
