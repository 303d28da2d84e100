internal import CommitLog
internal import Embedded
internal import JSON

/// What `curlew log repair` says, for machines: a JSON object a line. Each begins with its `type`:
///
///     refused  why the next start is refused, in `problem`
///     kept     where the damaged last frame of the journal is kept
///     healed   records that were taken from segments: topic, partition, from, to
///     lost     records that were left out
///     damaged  records that could not be read before
///     outcome  whether the directory can be served then, and whether it was changed
///
/// Where several decisions are tried, each line but the first names the `decision` that it is
/// about.
enum RepairJSON {
  static func refused(_ error: LogError, decision: String? = nil) -> String {
    line("refused", decision) { $0.member("problem", "\(error)") }
  }

  static func report(
    _ report: Repair.Report, isRehearsal: Bool, decision: String? = nil
  ) -> String {
    var lines: [String] = []
    if let kept = report.kept { lines.append(line("kept", decision) { $0.member("path", kept) }) }
    lines += report.healed.map { records("healed", $0, decision) }
    lines += report.damage.map { records("lost", $0, decision) }
    lines += report.knownDamage.map { records("damaged", $0, decision) }
    lines.append(outcome(isServable: true, isChanged: !isRehearsal, decision))
    return lines.joined()
  }

  static func outcome(isServable: Bool, isChanged: Bool, _ decision: String?) -> String {
    line("outcome", decision) { json in
      json.member("servable", isServable)
      json.member("changed", isChanged)
    }
  }

  private static func records(
    _ type: String, _ records: Repair.Report.Records, _ decision: String?
  ) -> String {
    line(type, decision) { json in
      json.member("topic", records.topic)
      json.member("partition", records.partition)
      json.member("from", records.offsets.lowerBound)
      json.member("to", records.offsets.upperBound - 1)
    }
  }

  private static func line(
    _ type: String, _ decision: String?, _ body: (inout JSONWriter) -> Void
  ) -> String {
    let bytes = JSONWriter.line(type) { json in
      if let decision { json.member("decision", decision) }
      body(&json)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Repair.Report {
  /// What could not be read before.
  var knownDamage: [Records] { allDamage.filter { !damage.contains($0) } }
}
