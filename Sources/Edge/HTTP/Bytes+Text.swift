extension UInt8 {
  /// The ASCII letter in lower case; other bytes as they are.
  @inline(__always) var lowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }

  /// The value of a hexadecimal digit.
  var hexValue: UInt8? {
    switch self {
    case 48...57: self - 48
    case 65...70: self - 55
    case 97...102: self - 87
    default: nil
    }
  }
}

extension String {
  /// Equality as HTTP has it for names: ASCII letters without regard to case.
  func equalsIgnoringCase(_ other: String) -> Bool {
    utf8.count == other.utf8.count
      && zip(utf8, other.utf8).allSatisfy { $0.lowercased == $1.lowercased }
  }

  /// Whether it begins with `prefix`, ASCII letters without regard to case.
  func hasPrefixIgnoringCase(_ prefix: String) -> Bool {
    utf8.count >= prefix.utf8.count
      && zip(utf8, prefix.utf8).allSatisfy { $0.lowercased == $1.lowercased }
  }

  /// Without spaces and tabs at its ends.
  var trimmed: String {
    var bytes = utf8[...]
    while let first = bytes.first, first == 32 || first == 9 { bytes.removeFirst() }
    while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
    return String(bytes) ?? ""
  }
}
