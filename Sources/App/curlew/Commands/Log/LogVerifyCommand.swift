internal import CommitLog
internal import Embedded
internal import JSON
internal import Platform

/// `curlew log verify`.
enum LogVerifyCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let path = invocation.options.operands[0]
    let result: Verification
    var progress = ProgressLine(isShown: StandardStream.error.isTerminal)
    do throws(LogError) {
      result = try Verification.run(
        DataDirectory(path, invocation.files), CatalogueReplayer()
      ) { done, total in progress.show(done, total) }
    } catch {
      throw .failure("\(error).")
    }
    progress.clear()
    try invocation.print(isJSON ? json(result) : text(result))
    guard result.findings.isEmpty else {
      throw .failure("\(path) is damaged in \(counted(result.findings.count, "place")).")
    }
  }

  static let syntax = CommandSyntax(
    name: "log verify", operands: "DIR", summary: "Check every byte of a data directory",
    introduction: """
      Checks all that has a checksum, or must fit something else, in the data
      directory DIR. It only reads, and a server may be running on it: then it
      checks what is durable, and what the next start would write again is no
      damage.
      """,
    groups: [OptionGroup(title: "Options", options: [LogDumpCommand.output, .help])],
    closing: """
      Examples
        $ curlew log verify /var/lib/curlew
        10 files, 12 batches, 18 records: no damage
        $ curlew log verify --output json /var/lib/curlew | jq .path

      Exit status
        0 without damage, 1 with damage or where it cannot be read, 2 for a wrong
        option
      """,
    operandValues: [.directory])

  private static func text(_ result: Verification) -> String {
    let notes = result.notes.map { "note: \(line($0))" }
    let findings = result.findings.map(line)
    let counts =
      "\(counted(result.files, "file")), \(counted(result.batches, "batch", "batches")), "
      + counted(result.records, "record")
    let verdict = findings.isEmpty ? ["\(counts): no damage\n"] : []
    return (notes + findings + verdict).joined()
  }

  private static func line(_ finding: Finding) -> String {
    "\(finding.path), position \(finding.position): \(finding.sentence)\n"
  }

  private static func json(_ result: Verification) -> String {
    var lines = result.notes.map { note in JSONWriter.line("note") { $0.write(note) } }
    lines += result.findings.map { finding in JSONWriter.line("finding") { $0.write(finding) } }
    lines.append(
      JSONWriter.line("summary") { json in
        json.member("files", result.files)
        json.member("batches", result.batches)
        json.member("records", result.records)
        json.member("live_frames", result.frames)
        if let verdict = result.verdict { json.member("journal", verdict.name) }
        json.member("findings", result.findings.count)
      })
    return String(decoding: lines.joined(), as: UTF8.self)
  }
}

/// A line on the terminal that shows how far something is, and goes when it is done.
struct ProgressLine {
  let isShown: Bool
  private var shown = -1

  init(isShown: Bool) { self.isShown = isShown }

  mutating func show(_ done: Int64, _ total: Int64) {
    guard isShown, total > 0 else { return }
    let percent = Int(Double(done) / Double(total) * 100)
    guard percent != shown else { return }
    shown = percent
    try? StandardStream.error.write("\rchecked \(percent) % of \((total + 1 << 20 - 1) >> 20) MiB")
  }

  func clear() {
    guard shown >= 0 else { return }
    try? StandardStream.error.write("\r\u{1B}[K")
  }
}
