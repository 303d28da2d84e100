internal import Glibc

extension ThisProcess {
  /// The environment's variables in their order. Read it before other threads start.
  public static var environment: [(name: String, value: String)] {
    var variables: [(name: String, value: String)] = []
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let text = unsafe String(cString: entry)
      let name = text.prefix { $0 != "=" }
      variables.append((String(name), String(text.dropFirst(name.count + 1))))
      unsafe next += 1
    }
    return variables
  }
}
