/// Why a body's chunks ended early.
public enum BodyFault: Error, Equatable, Sendable {
  /// The client went away in the middle.
  case clientLeft
  /// The content encoding's bytes are damaged, or end early.
  case malformed
  /// Some bytes of a compressed body stand for more than the server takes at once.
  case tooLarge
  /// The server stops.
  case stopping
}
