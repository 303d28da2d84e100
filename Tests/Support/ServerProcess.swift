import Glibc
import Platform

/// The real executable in a process of its own, as `curlew serve` on a port that is free.
public final class ServerProcess: Sendable {
  /// Why there is no server.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Its process id. It is never given to another process before `wait` has returned.
  public let id: pid_t
  /// The port that it listens on.
  public let port: UInt16
  /// Where it listens.
  public var url: String { "http://127.0.0.1:\(port)" }
  /// What tells a command that it is the one to be asked.
  public var environment: [String: String] { ["CURLEW_SERVER": url] }
  private let output: Int32
  private let status = Lock<Int32?>(nil)

  /// The directory that holds the executable and the test bundle. It lies on a disk, as a temporary
  /// directory need not.
  public static let buildDirectory: String = {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let text = String(decoding: path[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
  }()

  /// The executable under test: `CURLEW_BINARY`, or what was built beside the tests.
  public static var executable: String {
    getenv("CURLEW_BINARY").map { String(cString: $0) } ?? buildDirectory + "/curlew"
  }

  /// Starts a server on `directory` and waits until it says that it listens. Its environment is
  /// this process's, without settings, and `environment`; its log goes to the file `log` where one
  /// is named.
  public init(
    directory: String, arguments: [String] = [],
    environment: [(name: String, value: String)] = [], log: String? = nil
  ) throws {
    var ends: [Int32] = [0, 0]
    // A pair that no process which another test starts at this moment can inherit.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Self.last("socketpair") }
    output = ends[0]
    let command = [
      Self.executable, "serve", "--data-dir", directory, "--listen", "127.0.0.1:0",
    ]
    do {
      defer { close(ends[1]) }
      id = try Self.spawn(
        command + arguments, environment: environment, output: ends[1], log: log)
    } catch {
      close(ends[0])
      throw error
    }
    guard let port = Self.readPort(output) else {
      Glibc.kill(id, SIGKILL)
      var status: Int32 = 0
      waitpid(id, &status, 0)
      close(output)
      throw Failure(description: "\(Self.executable) did not listen; status \(status)")
    }
    self.port = port
  }

  deinit {
    kill()
    wait()
    close(output)
  }

  /// Ends the process at once (`kill -9`). It has no say in it.
  public func kill() { signal(SIGKILL) }

  /// Sends the process a signal, while there is a process to receive it.
  public func signal(_ number: Int32) {
    status.withLock { if $0 == nil { _ = Glibc.kill(id, number) } }
  }

  /// Waits until the process has ended. Its exit code, or 128 and the number of the signal.
  @discardableResult
  public func wait() -> Int32 {
    // Outside the lock, and without reaping, so that a signal can still be sent meanwhile.
    var info = siginfo_t()
    while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    return status.withLock { known in
      if let known { return known }
      var raw: Int32 = 0
      waitpid(id, &raw, 0)
      let code = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
      known = code
      return code
    }
  }

  private static func spawn(
    _ command: [String], environment: [(name: String, value: String)], output: Int32, log: String?
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    if let log {
      posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // What steers the tests begins with CURLEW_ too, and a server refuses what is no setting.
    let kept = ThisProcess.environment.filter { !$0.name.hasPrefix("CURLEW_") }
    var variables = (kept + environment).map { strdup("\($0.name)=\($0.value)") } + [nil]
    defer { for variable in variables { free(variable) } }
    var id: pid_t = 0
    let result = posix_spawn(&id, command[0], &actions, nil, &arguments, &variables)
    guard result == 0 else {
      throw Failure(description: "\(command[0]): \(String(cString: strerror(result)))")
    }
    return id
  }

  /// The port in `listening on http://ADDRESS:PORT`; `nil` where the output ends before it.
  private static func readPort(_ output: Int32) -> UInt16? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(output, &byte, 1) == 1 {
      guard byte == UInt8(ascii: "\n") else {
        line.append(byte)
        continue
      }
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix("listening on ") {
        return text.split(separator: ":").last.flatMap { UInt16($0) }
      }
      line = []
    }
    return nil
  }

  private static func last(_ call: String) -> Failure {
    Failure(description: "\(call): \(String(cString: strerror(errno)))")
  }
}
