internal import Model
internal import Telemetry

extension NodeConfiguration {
  /// The least that a line must matter to be written.
  var logLevel: LogLevel { LogLevel(name: values.text("log-level")) ?? .info }

  /// How log lines look.
  var logFormat: LogFormat { LogFormat(rawValue: values.text("log-format")) ?? .text }
}
