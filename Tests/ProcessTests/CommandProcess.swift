import Glibc
import Synchronization
import TestSupport

/// The real executable in a process of its own, its standard input and output at hand.
final class CommandProcess: Sendable {
  struct Outcome: Equatable {
    var status: Int32
    var output: String
    var error: String
  }

  let id: pid_t
  /// Our end of both standard input and standard output.
  private let stream: Int32
  private let errorPath: String
  private let directory: TemporaryDirectory
  private let isDone = Mutex(false)

  /// Starts `curlew` with `arguments` and nothing in its environment but `environment`.
  convenience init(_ arguments: [String], environment: [String: String] = [:]) throws {
    try self.init(command: [ServerProcess.executable] + arguments, environment: environment)
  }

  /// Starts any command.
  init(command: [String], environment: [String: String]) throws {
    directory = try TemporaryDirectory()
    errorPath = directory.path + "/error"
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure("socketpair") }
    stream = ends[0]
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT, 0o600)
    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var id: pid_t = 0
    guard posix_spawnp(&id, command[0], &actions, nil, &arguments, &variables) == 0 else {
      close(ends[0])
      throw Failure("posix_spawn \(command[0])")
    }
    self.id = id
  }

  struct Failure: Error {
    let call: String
    init(_ call: String) { self.call = call }
  }

  deinit {
    if !isDone.withLock({ $0 }) {
      kill(id, SIGKILL)
      var status: Int32 = 0
      waitpid(id, &status, 0)
    }
    close(stream)
  }

  /// Runs a command to its end.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = try CommandProcess(arguments, environment: environment)
    process.write(input)
    process.closeInput()
    return process.finish()
  }

  /// Writes to the command's standard input. What it does not read, for it has ended, is lost.
  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(stream, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Standard input ends.
  func closeInput() { shutdown(stream, Int32(SHUT_WR)) }

  /// Nobody reads standard output any more.
  func closeOutput() { shutdown(stream, Int32(SHUT_RD)) }

  /// The next line of standard output, without its line end.
  func readLine() -> String? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(stream, &byte, 1) == 1 {
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  func signal(_ number: Int32) { kill(id, number) }

  /// Reads what is left of standard output, and waits for the end. A signal that ended the process
  /// is 128 and its number.
  func finish() -> Outcome {
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(stream, &buffer, buffer.count), count > 0 {
      output += buffer[..<count]
    }
    var raw: Int32 = 0
    while waitpid(id, &raw, 0) == -1, errno == EINTR {}
    isDone.withLock { $0 = true }
    let status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
    return Outcome(
      status: status, output: String(decoding: output, as: UTF8.self), error: errorText)
  }

  /// What is in standard error so far.
  var errorText: String {
    let descriptor = open(errorPath, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
      text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
