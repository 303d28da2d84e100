internal import Platform

/// What is at the ends of the process's streams.
struct Streams: Sendable {
  /// Standard input.
  var input: any ByteSource = StandardInput()
  /// Writes bytes to standard output.
  var write: @Sendable ([UInt8]) throws(SystemError) -> Void = {
    (bytes) throws(SystemError) in try StandardStream.output.write(bytes)
  }
  /// Whether a person types what is on standard input.
  var inputIsTerminal = false
  /// Whether a person looks at standard output.
  var outputIsTerminal = false
  /// Whether a person looks at standard error.
  var errorIsTerminal = false

  /// Those of this process.
  static var process: Streams {
    Streams(
      inputIsTerminal: StandardInput().isTerminal,
      outputIsTerminal: StandardStream.output.isTerminal,
      errorIsTerminal: StandardStream.error.isTerminal)
  }
}
