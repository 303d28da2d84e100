import Glibc
import Platform
import Synchronization
import TestSupport
import Testing

/// The real process under something that plays systemd.
@Suite struct SupervisionTests {
  private final class Started: Sendable {
    let server = Mutex<ServerProcess?>(nil)
    let parking = Parking()

    func wait() throws -> ServerProcess {
      parking.park(atMost: .seconds(30))
      return try #require(server.withLock { $0 })
    }
  }

  /// Starts a server without waiting until it listens.
  private func start(
    _ directory: String, _ environment: [(name: String, value: String)]
  ) throws -> Started {
    let started = Started()
    _ = try Worker("start") {
      let server = try? ServerProcess(directory: directory, environment: environment)
      started.server.withLock { $0 = server }
      started.parking.wake()
    }
    return started
  }

  @Test(arguments: [false, true])
  func `a supervisor hears when the server is ready, reads again, and stops`(
    isAbstract: Bool
  ) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/notify"
    let socket = try SupervisorSocket(isAbstract ? "@curlew" + path : path)

    let started = try start(directory.path + "/data", [("NOTIFY_SOCKET", socket.address)])
    let ready = try #require(socket.next())
    // The port is asked as soon as the news is there, and not when the server has printed it.
    let status = try #require(ready.first { $0.hasPrefix("STATUS=Serving http://127.0.0.1:") })
    let port = try #require(status.split(separator: ":").last.flatMap { UInt16($0) })
    #expect(try TestHTTPClient(port: port).send("GET", "/readyz").status == 200)
    #expect(ready.first == "READY=1")

    let server = try started.wait()
    let before = SystemTime().now
    server.signal(SIGHUP)
    let reloading = try #require(socket.next())
    #expect(reloading.first == "RELOADING=1")
    let since = reloading.compactMap { line in
      line.hasPrefix("MONOTONIC_USEC=") ? Int64(line.split(separator: "=")[1]) : nil
    }
    let interval = before.nanoseconds / 1000...SystemTime().now.nanoseconds / 1000
    #expect(since.count == 1 && interval.contains(since[0]))
    #expect(socket.next() == ready)

    server.signal(SIGTERM)
    #expect(socket.next()?.first == "STOPPING=1")
    #expect(server.wait() == 0)
  }

  @Test func `a supervisor that watches gets signs of life`() throws {
    let directory = try TemporaryDirectory()
    let socket = try SupervisorSocket(directory.path + "/notify")

    let server = try ServerProcess(
      directory: directory.path + "/data",
      environment: [("NOTIFY_SOCKET", socket.address), ("WATCHDOG_USEC", "200000")])

    // Each after the first says that all threads have answered to the one before.
    for _ in 0..<5 { #expect(socket.next("WATCHDOG=1") != nil) }
    server.signal(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test func `a supervisor that is not there keeps nothing from serving`() throws {
    let directory = try TemporaryDirectory()

    let server = try ServerProcess(
      directory: directory.path + "/data",
      environment: [("NOTIFY_SOCKET", directory.path + "/absent"), ("WATCHDOG_USEC", "x")],
      log: directory.path + "/log")

    #expect(try TestHTTPClient(port: server.port).send("GET", "/readyz").status == 200)
    server.signal(SIGTERM)
    #expect(server.wait() == 0)
    #expect(
      try PosixFileSystem().text(directory.path + "/log")
        .contains("WARNING supervisor: the supervisor cannot be told problem="))
  }
}

extension FileSystem {
  /// The text of a file.
  func text(_ path: String) throws -> String {
    let file = try open(path, .read)
    return String(decoding: try file.read(Int(try file.size()), at: 0), as: UTF8.self)
  }
}
