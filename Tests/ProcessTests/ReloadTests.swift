import Foundation
import Platform
import TestSupport
import Testing

/// The real process, told by SIGHUP to read its settings again.
@Suite struct ReloadTests {
  /// A server with a configuration file, which says over its supervisor's socket when it has read
  /// the file again.
  private final class Subject {
    let directory: TemporaryDirectory
    let socket: SupervisorSocket
    let server: ServerProcess

    init(_ file: String?, arguments: [String] = []) throws {
      directory = try TemporaryDirectory()
      socket = try SupervisorSocket(directory.path + "/notify")
      let path = directory.path + "/curlew.yaml"
      if let file { try Data(file.utf8).write(to: URL(filePath: path)) }
      server = try ServerProcess(
        directory: directory.path + "/data",
        arguments: (file == nil ? [] : ["--config", path]) + arguments,
        environment: [("NOTIFY_SOCKET", socket.address)], log: directory.path + "/log")
      _ = socket.next("READY=1")
    }

    /// Writes the file, sends the signal, and waits until it has been heeded. What it came to.
    func reload(_ file: String?) throws -> String {
      if let file {
        try Data(file.utf8).write(to: URL(filePath: directory.path + "/curlew.yaml"))
      }
      server.signal(SIGHUP)
      try #require(socket.next()?.first == "RELOADING=1")
      return try #require(socket.next("READY=1")).last ?? ""
    }

    /// The status of a request by a page of `origin`.
    func status(
      _ origin: String = "", _ method: String = "GET", _ path: String = "/topics", body: Int = 0
    ) throws -> Int {
      var headers: [(name: String, value: String)] = [("Content-Type", "application/json")]
      if !origin.isEmpty { headers.append(("Origin", origin)) }
      let body = [UInt8](repeating: UInt8(ascii: "1"), count: body)
      return try TestHTTPClient(port: server.port)
        .send(method, path, headers: headers, body: body).status
    }

    func log() throws -> String { try PosixFileSystem().text(directory.path + "/log") }
  }

  @Test func `an origin is accepted from the signal on, and refused again`() throws {
    let subject = try Subject("cors-origin: https://a.example\n")
    #expect(try subject.status("https://b.example") == 403)

    #expect(try subject.reload("cors-origin: [https://b.example]").hasPrefix("STATUS=Serving "))
    #expect(try subject.status("https://b.example") == 200)
    #expect(try subject.status("https://a.example") == 403)

    _ = try subject.reload("")
    #expect(try subject.status("https://b.example") == 403)
    #expect(
      try subject.log().contains("INFO    settings read again file=\(subject.directory.path)"))
  }

  @Test func `every setting that may change does`() throws {
    let subject = try Subject("log-level: info\n")
    let client = try TestHTTPClient(port: subject.server.port)
    #expect(try subject.status("", "POST", "/topics/before", body: 4000) == 200)

    _ = try subject.reload(
      """
      max-body: 2KiB
      max-waiting: 1MiB
      host: curlew.example
      num.partitions: 3
      log-level: debug
      log-format: json
      """)

    #expect(try subject.status("", "POST", "/topics/after", body: 4000) == 413)
    #expect(try subject.status("", "POST", "/topics/after", body: 10) == 200)
    let topic = try client.send("GET", "/topics/after/partitions").text
    #expect(topic.contains(#""partition":2"#) && !topic.contains(#""partition":3"#), "\(topic)")
    try client.write(Array("GET /topics HTTP/1.1\r\nHost: curlew.example\r\n\r\n".utf8))
    #expect(try client.readResponse().status == 200)
    let log = try subject.log()
    #expect(
      log.contains(
        #""changed":"host,max-body,max-waiting,num.partitions,log-level,log-format"}"#))
    #expect(log.contains(#""component":"http","message":"request","#))

    _ = try subject.reload("auto.create.topics.enable: false")
    #expect(try subject.status("", "POST", "/topics/later", body: 10) == 404)
    #expect(try subject.status("", "POST", "/topics/after", body: 4000) == 200)
  }

  @Test func `what may not change is named in one line, and stays`() throws {
    let subject = try Subject("loops: 1\n")

    let outcome = try subject.reload(
      "loops: 2\nmax-connections: 7\njournal-files: 9\ncors-origin: '*'\n")

    #expect(outcome.hasPrefix("STATUS=Serving "))
    let lines = try subject.log().split(separator: "\n").filter { $0.contains("WARNING") }
    #expect(lines.count == 1)
    #expect(
      lines.first?.hasSuffix(
        "these settings cannot change now: restart the server for loops, max-connections; "
          + "a data directory keeps its journal-files") == true, "\(lines)")
    #expect(try subject.status("https://any.example") == 200)
  }

  @Test(arguments: [
    ("cors-origin: '*'\nloops: many\n", "curlew.yaml:2: loops takes a whole number"),
    ("cors-origin: '*'\nlop: 1\n", "curlew.yaml:2: there is no setting lop"),
    ("cors-origin: '*'\n- x", "curlew.yaml:2: did not find expected"),
  ])
  func `a broken file leaves the old settings in force`(file: String, problem: String) throws {
    let subject = try Subject("cors-origin: https://a.example\n")

    let outcome = try subject.reload(file)

    #expect(outcome.hasPrefix("STATUS=The settings stay as they were: "))
    #expect(outcome.contains(problem), "\(outcome)")
    #expect(try subject.log().contains(problem))
    #expect(try subject.status("https://a.example") == 200)
    #expect(try subject.status("https://b.example") == 403)
    _ = try subject.reload("cors-origin: '*'\n")
    #expect(try subject.status("https://b.example") == 200)
  }

  @Test func `a file that is gone leaves the old settings in force`() throws {
    let subject = try Subject("cors-origin: https://a.example\n")
    try FileManager.default.removeItem(atPath: subject.directory.path + "/curlew.yaml")

    let outcome = try subject.reload(nil)

    #expect(outcome.contains("curlew.yaml: No such file or directory"))
    #expect(try subject.status("https://a.example") == 200)
  }

  @Test func `a server without a file heeds the signal too`() throws {
    let subject = try Subject(nil, arguments: ["--cors-origin", "https://a.example"])

    #expect(try subject.reload(nil).hasPrefix("STATUS=Serving "))

    #expect(try subject.log().contains("settings read again file=none changed=none"))
    #expect(try subject.status("https://a.example") == 200)
  }

  @Test func `an option stays stronger than the file`() throws {
    let subject = try Subject(
      "num.partitions: 2\n", arguments: ["--cors-origin=https://a.example"])

    _ = try subject.reload("cors-origin: https://b.example\n")

    #expect(try subject.status("https://a.example") == 200)
    #expect(try subject.status("https://b.example") == 403)
  }
}
