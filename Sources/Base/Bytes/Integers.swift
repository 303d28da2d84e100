// Fixed-width integers in byte arrays and spans. Little-endian is the order of our own formats,
// big-endian that of Kafka's record batches.

extension [UInt8] {
  /// Appends `value`, least significant byte first.
  @inlinable public mutating func append(littleEndian value: some FixedWidthInteger) {
    unsafe Swift.withUnsafeBytes(of: value.littleEndian) { unsafe append(contentsOf: $0) }
  }

  /// Appends `value`, most significant byte first.
  @inlinable public mutating func append(bigEndian value: some FixedWidthInteger) {
    unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
  }

  /// Appends the bytes of a span.
  @inlinable public mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Overwrites the bytes at `offset` with `value`, most significant byte first. Traps outside the
  /// array.
  @inlinable public mutating func store(bigEndian value: some FixedWidthInteger, at offset: Int) {
    unsafe store(raw: value.bigEndian, at: offset)
  }

  /// Overwrites the bytes at `offset` with `value`, least significant byte first. Traps outside the
  /// array.
  @inlinable public mutating func store(littleEndian value: some FixedWidthInteger, at offset: Int)
  {
    unsafe store(raw: value.littleEndian, at: offset)
  }

  @unsafe @inlinable mutating func store<T: FixedWidthInteger>(raw value: T, at offset: Int) {
    precondition(offset >= 0 && offset + MemoryLayout<T>.size <= count, "store outside the array")
    unsafe withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }
  }

  /// The integer at `offset`, most significant byte first. Traps outside the array.
  @inlinable public func load<T: FixedWidthInteger & BitwiseCopyable>(
    bigEndianAt offset: Int, as type: T.Type = T.self
  ) -> T { span.load(bigEndianAt: offset) }

  /// The integer at `offset`, least significant byte first. Traps outside the array.
  @inlinable public func load<T: FixedWidthInteger & BitwiseCopyable>(
    littleEndianAt offset: Int, as type: T.Type = T.self
  ) -> T { span.load(littleEndianAt: offset) }
}

extension Span<UInt8> {
  /// The integer at `offset`, most significant byte first. Traps outside the span.
  @inlinable public func load<T: FixedWidthInteger & BitwiseCopyable>(
    bigEndianAt offset: Int, as type: T.Type = T.self
  ) -> T { unsafe T(bigEndian: load(rawAt: offset)) }

  /// The integer at `offset`, least significant byte first. Traps outside the span.
  @inlinable public func load<T: FixedWidthInteger & BitwiseCopyable>(
    littleEndianAt offset: Int, as type: T.Type = T.self
  ) -> T { unsafe T(littleEndian: load(rawAt: offset)) }

  @unsafe @inlinable func load<T: FixedWidthInteger & BitwiseCopyable>(rawAt offset: Int) -> T {
    precondition(offset >= 0 && offset + MemoryLayout<T>.size <= count, "load outside the span")
    return unsafe withUnsafeBufferPointer { buffer in
      unsafe UnsafeRawBufferPointer(buffer).loadUnaligned(fromByteOffset: offset, as: T.self)
    }
  }

  /// A copy of the span's bytes.
  @inlinable public func copy() -> [UInt8] { unsafe withUnsafeBufferPointer { unsafe [UInt8]($0) } }

  /// Whether both spans hold the same bytes.
  @inlinable public func equals(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }
}
