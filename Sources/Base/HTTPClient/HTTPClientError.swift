/// Why there is no answer, or only a part of one.
public enum HTTPClientError: Error, Equatable, Sendable {
  /// libcurl is not there; the sentence says what to do.
  case unavailable(String)
  /// The address is none, or of a protocol other than HTTP; nothing was sent.
  case badAddress(String)
  /// No connection came about, for this reason; nothing was sent.
  case unreachable(String)
  /// No secure connection came about, for this reason, such as a certificate that is not to be
  /// trusted; nothing was sent.
  case insecure(String)
  /// No answer in time. The server may have acted.
  case timedOut
  /// The connection broke off, for this reason. The server may have acted.
  case interrupted(String)
  /// The answer is larger than the caller takes.
  case tooLarge(limit: Int)
  /// `cancel` was called.
  case cancelled
}
