internal import CommitLog
internal import Embedded
internal import Platform

/// `curlew log repair`.
enum LogRepairCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let decision = try decision(invocation.options)
    let path = invocation.options.operands[0]
    var options = StoreOptions(directory: path)
    options.fileSystem = invocation.files
    options.unsafeVolatile = true
    options.repair = decision
    let isRehearsal = decision == nil || invocation.options.has("dry-run")
    let report: Repair.Report
    do throws(LogError) {
      report = try Repair.run(options, isRehearsal: isRehearsal)
    } catch {
      guard decision == nil else { throw .failure("\(error).") }
      return try explain(error, options, invocation, asJSON: isJSON)
    }
    try invocation.print(
      isJSON
        ? RepairJSON.report(report, isRehearsal: isRehearsal)
        : text(report, isRehearsal: isRehearsal, isDecided: decision != nil))
  }

  static let syntax = CommandSyntax(
    name: "log repair", operands: "DIR", summary: "Decide what to do about a damaged journal",
    introduction: """
      Says what the next start would make of the data directory DIR. Where that start
      would be refused because the journal alone cannot tell, it says what each
      decision would come to, and with one of them it brings the directory back to
      where it can be served. Stop the server first.
      """,
    groups: [
      OptionGroup(
        title: "Decisions",
        options: [
          Option(
            name: "never-acknowledged",
            summary: "The damaged last frame was never answered: cut it off"),
          Option(
            name: "leave-gap",
            summary: "It was answered: leave it out, and its offsets taken"),
        ]),
      OptionGroup(
        title: "Options",
        options: [
          Option(name: "dry-run", summary: "Only say what a decision would do"),
          LogDumpCommand.output, .help,
        ]),
    ],
    closing: """
      Which decision
        Take --leave-gap unless you know that the machine lost power or crashed while
        the last records were being written. It says which offsets are lost, and they
        are never given out again. A damaged last frame is kept in quarantine/.

      Examples
        curlew log repair /var/lib/curlew
        curlew log repair --leave-gap --dry-run /var/lib/curlew
        curlew log repair --leave-gap /var/lib/curlew

      Exit status
        0 where the directory can be served as it is or now, 1 where it cannot, 2 for
        a wrong option
      """)

  private static func decision(_ options: ParsedOptions) throws(AppError) -> RepairDecision? {
    switch (options.has("never-acknowledged"), options.has("leave-gap")) {
    case (false, false): return nil
    case (true, false): return .neverAcknowledged
    case (false, true): return .leaveGap
    case (true, true):
      throw .usage(
        "--never-acknowledged and --leave-gap exclude each other.", command: syntax.name)
    }
  }

  /// The start is refused: what would each decision come to?
  private static func explain(
    _ error: LogError, _ options: StoreOptions, _ invocation: Invocation, asJSON isJSON: Bool
  ) throws(AppError) {
    var text = "The next start is refused: \(error).\n"
    var json = RepairJSON.refused(error)
    if case .locked = error { throw .failure("\(error).") }
    var helps = false
    for (name, decision) in [
      ("--never-acknowledged", RepairDecision.neverAcknowledged), ("--leave-gap", .leaveGap),
    ] {
      var options = options
      options.repair = decision
      text += "\nWith \(name):\n"
      do throws(LogError) {
        let report = try Repair.run(options, isRehearsal: true)
        text += self.text(report, isRehearsal: true, isDecided: true)
        json += RepairJSON.report(report, isRehearsal: true, decision: name)
        helps = true
      } catch {
        text += "It is refused all the same: \(error).\n"
        json += RepairJSON.refused(error, decision: name)
        json += RepairJSON.outcome(isServable: false, isChanged: false, name)
      }
    }
    try invocation.print(isJSON ? json : text)
    throw .failure(
      helps
        ? "nothing was changed; run it again with a decision."
        : "nothing was changed; restore a backup, or read what is there with serve --read-only.")
  }

  private static func text(
    _ report: Repair.Report, isRehearsal: Bool, isDecided: Bool
  ) -> String {
    let will = isRehearsal ? "would be" : "was"
    var text = ""
    if let kept = report.kept {
      text += "The damaged last frame of the journal \(will) moved to \(kept).\n"
    }
    for records in report.healed {
      text += "\(subject(records)) \(verb(records, isRehearsal)) taken from segments: the journal "
      text += "has lost them.\n"
    }
    for records in report.damage {
      text += "\(subject(records)) \(verb(records, isRehearsal)) left out: they are lost.\n"
    }
    for records in report.knownDamage { text += "\(subject(records)) cannot be read.\n" }
    if text.isEmpty { text = isDecided ? "No record is lost.\n" : "Nothing is damaged.\n" }
    return text + (isRehearsal ? "Nothing was changed.\n" : "The directory can be served now.\n")
  }

  private static func subject(_ records: Repair.Report.Records) -> String {
    let last = records.offsets.upperBound - 1
    let first = records.offsets.lowerBound
    let offsets = first == last ? "Offset \(last)" : "Offsets \(first) to \(last)"
    return "\(offsets) of partition \(records.partition) of topic \(records.topic)"
  }

  private static func verb(_ records: Repair.Report.Records, _ isRehearsal: Bool) -> String {
    if isRehearsal { return "would be" }
    return records.offsets.count == 1 ? "was" : "were"
  }
}
