internal import JSON
internal import Platform

/// `curlew produce`.
enum ProduceCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let isJSON = try invocation.wantsJSON(syntax.name)
    let target = try ProduceTarget(invocation, command: syntax.name)
    let server = try ServerConnection(invocation, command: syntax.name)
    let time = SystemTime()
    var progress = ProduceProgress(invocation, time)
    var session = ProduceSession(server, target)
    let files = Array(invocation.options.operands.dropFirst())
    do throws(AppError) {
      if files.isEmpty {
        try sendLines(invocation, &session, &progress, time, keepsBlank: target.format == .text)
      } else {
        try send(files, invocation, &session, &progress)
      }
    } catch {
      progress.clear()
      throw error
    }
    progress.clear()
    try invocation.print(
      isJSON ? json(session, target, progress.seconds) : text(session, target))
  }

  private static func sendLines(
    _ invocation: Invocation, _ session: inout ProduceSession, _ progress: inout ProduceProgress,
    _ time: any TimeSource, keepsBlank: Bool
  ) throws(AppError) {
    if invocation.streams.inputIsTerminal, invocation.streams.errorIsTerminal {
      invocation.error("Each line is an event; Ctrl-D ends.\n")
    }
    var lines = LineReader(invocation.streams.input, time: time, keepsBlank: keepsBlank)
    while let batch = try lines.next() {
      try session.send(batch)
      progress.show(session.events)
    }
  }

  private static func send(
    _ files: [String], _ invocation: Invocation, _ session: inout ProduceSession,
    _ progress: inout ProduceProgress
  ) throws(AppError) {
    for path in files {
      let content: [UInt8]
      do throws(SystemError) {
        let file = try invocation.files.open(path, .read)
        content = try file.read(Int(file.size()), at: 0)
      } catch {
        throw .failure("\(path) cannot be read: \(error). \(session.progress)")
      }
      try session.send(content, from: path)
      progress.show(session.events)
    }
  }

  private static func text(_ session: ProduceSession, _ target: ProduceTarget) -> String {
    let verb = target.acks == "disk" ? "stored in" : "sent to"
    return "\(counted(session.events, "event")) \(verb) \(target.topic)\n"
  }

  private static func json(
    _ session: ProduceSession, _ target: ProduceTarget, _ seconds: Double
  ) -> String {
    let json = JSONWriter.object { json in
      json.member("topic", target.topic)
      json.member("events", session.events)
      json.member("bytes", session.bytes)
      json.name("seconds")
      json.real((seconds * 1000).rounded() / 1000)
    }
    return String(decoding: json.bytes, as: UTF8.self) + "\n"
  }

  static let syntax = CommandSyntax(
    name: "produce", operands: "TOPIC [FILE]...", summary: "Send events to a topic",
    introduction: """
      Sends each line of standard input as an event, or each FILE as one. The topic
      is made where it is not there. What is reported as stored survives a crash.
      """,
    groups: [
      OptionGroup(
        title: "Events",
        options: [
          Option(
            name: "format", letter: "f", argument: .required("WORD"),
            summary: "What an event may be: auto, json or text (default auto)",
            values: .words(["auto", "json", "text"])),
          Option(
            name: "key-path", letter: "K", argument: .required("POINTER"),
            summary: "Where each event has its key, such as /id (JSON Pointer)"),
          Option(
            name: "key", letter: "k", argument: .required("TEXT"),
            summary: "The key of all events"),
          Option(
            name: "partition", letter: "p", argument: .required("N"),
            summary: "The partition of all events (default: by the key, else any)"),
          Option(
            name: "header", letter: "H", argument: .required("NAME=VALUE"),
            summary: "A header of all events; may be repeated"),
          Option(
            name: "acks", argument: .required("WORD"),
            summary: "What to wait for: disk, memory or none (default disk)",
            values: .words(["disk", "memory", "none"])),
        ]),
      ServerOptions.group,
    ],
    closing: """
      Formats
        auto  a line that is JSON is kept as JSON, and any other line as its text;
              either way the value is the bytes of the line
        json  every line must be JSON; --key-path asks for that
        text  every line is text, also an empty one
        Empty lines are passed over, except with --format text. Line ends (LF, CRLF)
        are no part of an event, nor is white space around JSON.

      Errors
        It stops at the first event that is refused and names its line; those before
        it are stored.

      Examples
        $ seq 3 | curlew produce numbers
        3 events stored in numbers
        $ echo '{"id":7,"total":19.90}' | curlew produce orders --key-path /id
        1 event stored in orders
        $ curlew produce mails --header source=inbox *.eml
        2 events stored in mails

      \(ServerOptions.exitStatus)
      """,
    operandValues: [.topic, .file])
}
