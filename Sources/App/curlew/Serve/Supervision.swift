internal import Platform
internal import Telemetry

/// What the supervisor of the process is told, where there is one.
struct Supervision {
  private let supervisor: Supervisor?
  private let time: any TimeSource
  private let log: Log
  private var nextSign: Instant
  private var isSilent = false

  init(_ supervisor: Supervisor?, time: any TimeSource, log: Log) {
    self.supervisor = supervisor
    self.time = time
    self.log = log
    nextSign = time.now
  }

  /// How often to call `tick`: four signs of life within the supervisor's patience, so that one
  /// slow sync or one lost datagram is not the end. `nil` where nobody watches.
  var interval: Duration? { supervisor?.patience.map { $0 / 4 } }

  func ready(_ status: String) { tell(.ready, status) }

  func reloading() { tell(.reloading(time.now), "Reading the settings again") }

  func stopping() { tell(.stopping, "Stopping: answering what is under way, closing the log") }

  /// Gives a sign of life where one is due and the node is well. One that hangs is not spoken for.
  mutating func tick(isWell: () -> Bool) {
    guard let interval, time.now >= nextSign else { return }
    // A wait is a little longer or shorter than it was asked to be.
    nextSign = time.now + interval * 3 / 4
    let isWell = isWell()
    if isWell { tell(.alive, nil) }
    if !isWell, !isSilent {
      log.error("a thread of the server hangs or has ended; the supervisor hears no sign of life")
    }
    isSilent = !isWell
  }

  private func tell(_ news: Supervisor.News, _ status: String?) {
    do throws(SystemError) { try supervisor?.tell(news, status: status) } catch {
      log.warning("the supervisor cannot be told", ["problem": .of(error)])
    }
  }
}
