extension JSONWriter {
  /// Ends a line of NDJSON: what follows is a value of its own.
  @inlinable public mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    comma = false
  }
}
