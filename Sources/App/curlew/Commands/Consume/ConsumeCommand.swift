internal import HTTPClient
internal import Platform

/// `curlew consume`.
enum ConsumeCommand {
  static let command = Command(syntax: syntax) { (invocation) throws(AppError) in
    let question = try ConsumeQuestion(invocation, command: syntax.name)
    let signals = question.follows ? try takeSignals() : nil
    let server = try ServerConnection(invocation, command: syntax.name)
    if let signals { try watch(signals, server.client) }
    try read(question, server, invocation)
  }

  private static func read(
    _ question: ConsumeQuestion, _ server: ServerConnection, _ invocation: Invocation
  ) throws(AppError) {
    var records = RecordLines(question.format, limit: question.limit)
    var refused: [UInt8] = []
    var failure: AppError?
    do throws(HTTPClientError) {
      var response = try server.client.send(question.request(server)) { head, bytes in
        guard head.status == 200 else {
          refused += bytes
          return refused.count < 1 << 20
        }
        do throws(AppError) {
          try invocation.print(try records.take(bytes))
          return records.wanted > 0
        } catch {
          failure = error
          return false
        }
      }
      response.body = refused
      if failure == nil, response.status != 200 { failure = server.refusal(response).error }
    } catch {
      // Ctrl-C, or nobody reads any more: that is how following ends.
      guard error != .cancelled else { return }
      failure = end(server.failure(error), records.count)
    }
    if let failure { throw failure }
    guard !question.follows || records.wanted == 0 else {
      throw .failure("\(server.url) ended the stream: it stops, or the topic was deleted.")
    }
  }

  /// A failure in the midst of reading.
  private static func end(_ failure: AppError, _ count: Int64) -> AppError {
    guard count > 0, case .failure(let sentence) = failure else { return failure }
    return .failure("\(sentence) Shown before: \(counted(count, "record")).")
  }

  private static func takeSignals() throws(AppError) -> ProcessSignals {
    do throws(SystemError) { return try ProcessSignals() } catch { throw .failure("\(error).") }
  }

  /// Lets SIGINT and SIGTERM, and the end of whoever reads standard output, end the request. A
  /// second signal ends the process also where it waits to write.
  private static func watch(_ signals: ProcessSignals, _ client: HTTPClient) throws(AppError) {
    do throws(SystemError) {
      _ = try Worker("signals") {
        while signals.next() != .stop {}
        client.cancel()
        while signals.next() != .stop {}
        ThisProcess.quit(0)
      }
      _ = try Worker("output") {
        StandardStream.output.waitUntilLeft()
        client.cancel()
      }
    } catch {
      throw .failure("\(error).")
    }
  }

  static let syntax = CommandSyntax(
    name: "consume", operands: "TOPIC", summary: "Read the events of a topic",
    introduction: """
      Shows the values of a topic's records, one after the other, to the end of the
      log; with --follow it goes on with those that come, until Ctrl-C.
      """,
    groups: [
      OptionGroup(
        title: "Records",
        options: [
          Option(
            name: "from", argument: .required("PLACE"),
            summary: "Where to begin: earliest, latest, a time, or how long ago, -15m "
              + "(default earliest; latest with --follow)",
            values: .words(["earliest", "latest", "-15m", "-1h", "-1d"])),
          Option(name: "follow", letter: "F", summary: "Go on with what comes, until Ctrl-C"),
          Option(
            name: "limit", letter: "n", argument: .required("N"), summary: "End after N records"),
          Option(
            name: "partition", letter: "p", argument: .required("N"),
            summary: "Only this partition (default: all, by their timestamps)"),
          Option(
            name: "offset", argument: .required("N"),
            summary: "Begin at this offset of the partition"),
          Option(
            name: "key", letter: "k", argument: .required("TEXT"),
            summary: "Only the records of this key"),
          Option(
            name: "format", letter: "f", argument: .required("WORD"),
            summary: "What to show: value, key-value or json (default value)",
            values: .words(["value", "key-value", "json"])),
        ]),
      ServerOptions.group,
    ],
    closing: """
      Formats
        value      the value's bytes and a line feed
        key-value  the key, a tab, the value and a line feed
        json       an object a line, with topic, partition, offset, timestamp, key,
                   value and headers; the same as --output json
        A key or value that is not there is shown as null.

      Times
        2026-11-25T13:00:00Z, milliseconds since 1970, or -30s, -15m, -2h, -7d

      Examples
        $ curlew consume numbers --from earliest
        1
        2
        3
        $ curlew consume orders --key 7 --format key-value
        7       {"id":7,"total":19.90}
        $ curlew consume orders --follow | jq --unbuffered .total
        19.90

      Exit status
        0 at the end, after Ctrl-C with --follow, and where nobody reads any more, as
        behind head; 1 when the server cannot be asked, refuses or stops; 2 for a
        wrong option
      """,
    operandValues: [.topic])
}
