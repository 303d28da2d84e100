internal import Bytes
public import Platform
public import Synchronization

/// How log lines look.
public enum LogFormat: String, Sendable, CaseIterable {
  /// For people: time, level, component, message, fields.
  case text
  /// For machines: a JSON object a line.
  case json
}

/// What a log and all that were made from it write, and how: it may change while threads write.
@usableFromInline final class LogChoice: Sendable {
  @usableFromInline let floor: Atomic<Int8>
  private let isJSON: Atomic<Bool>

  init(_ level: LogLevel?, _ format: LogFormat) {
    floor = Atomic(level?.rawValue ?? .max)
    isJSON = Atomic(format == .json)
  }

  func set(_ level: LogLevel, _ format: LogFormat) {
    floor.store(level.rawValue, ordering: .relaxed)
    isJSON.store(format == .json, ordering: .relaxed)
  }

  var format: LogFormat { isJSON.load(ordering: .relaxed) ? .json : .text }
}

/// Writes log lines, each by one call of `write`, from any thread. A line is one line whatever the
/// message and the fields hold, and at most 16 KiB long. Below its level a call costs a comparison:
/// messages and fields are not made.
public struct Log: Sendable {
  @usableFromInline let choice: LogChoice
  private let component: String
  private let time: any TimeSource
  private let write: @Sendable ([UInt8]) -> Void

  /// A log to `write`, which gets whole lines with their line feed. Without a level it writes
  /// nothing.
  public init(
    _ level: LogLevel?, _ format: LogFormat, time: any TimeSource,
    write: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.init(LogChoice(level, format), "", time, write)
  }

  private init(
    _ choice: LogChoice, _ component: String, _ time: any TimeSource,
    _ write: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.choice = choice
    self.component = component
    self.time = time
    self.write = write
  }

  /// A log to standard error. A line that cannot be written is lost: no place would be better.
  public static func standardError(
    _ level: LogLevel, _ format: LogFormat, time: any TimeSource
  ) -> Log {
    Log(level, format, time: time) { line in try? StandardStream.error.write(line) }
  }

  /// Writes nothing.
  public static let off = Log(nil, .text, time: SystemTime()) { _ in }

  /// The same log, whose lines name the part of the program that speaks.
  public func named(_ component: String) -> Log { Log(choice, component, time, write) }

  /// From now on lines of `level` and above are written, in this format: by this log, the one that
  /// it was made from, and all that were made from that one.
  public func set(_ level: LogLevel, _ format: LogFormat) { choice.set(level, format) }

  /// Whether lines of `level` are written.
  @inlinable public func writes(_ level: LogLevel) -> Bool {
    level.rawValue >= choice.floor.load(ordering: .relaxed)
  }

  /// For someone who looks for a fault.
  @inlinable public func debug(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) {
    if writes(.debug) { line(.debug, message(), fields()) }
  }

  /// What an operator wants to have seen.
  @inlinable public func info(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) {
    if writes(.info) { line(.info, message(), fields()) }
  }

  /// Something is wrong and the server goes on.
  @inlinable public func warning(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) {
    if writes(.warning) { line(.warning, message(), fields()) }
  }

  /// Something that was promised cannot be kept.
  @inlinable public func error(
    _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
  ) {
    if writes(.error) { line(.error, message(), fields()) }
  }

  @usableFromInline func line(
    _ level: LogLevel, _ message: String, _ fields: KeyValuePairs<String, LogValue>
  ) {
    var line = LogLine(choice.format, at: time.wallMilliseconds, level, component, message)
    for (name, value) in fields { line.append(name, value) }
    write(line.finished())
  }
}
