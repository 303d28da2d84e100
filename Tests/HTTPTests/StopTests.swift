import HTTP
import Platform
import TestSupport
import Testing

@Suite struct `Starting and stopping` {
  @Test func `a port that another server has is a typed error with a sentence`() throws {
    let first = try TestServer([.text(.get, "/a") { _ in "first" }]) { $0.loops = 2 }
    let second = HTTPServer(
      ServerConfiguration(listen: [("127.0.0.1", first.port)]), router: try Router(routes: []),
      time: SystemTime())

    let error = #expect(throws: HTTPError.self) { try second.start() }

    #expect(error == .addressInUse("127.0.0.1:\(first.port)"))
    #expect(error?.description.contains("in use") == true)
    for _ in 0..<20 { #expect(try first.client().ask("GET", "/a").text == "first") }
  }

  @Test func `an address that is none of this machine's is a typed error`() throws {
    func start(_ host: String) throws {
      let server = HTTPServer(
        ServerConfiguration(listen: [(host, 0)]), router: try Router(routes: []), time: SystemTime()
      )
      _ = try server.start()
      server.stop()
    }

    #expect(throws: HTTPError.unknownHost("no such host.invalid")) {
      try start("no such host.invalid")
    }
    let error = #expect(throws: HTTPError.self) { try start("192.0.2.1") }
    guard case .cannotListen = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `several loops and addresses serve one port each`() throws {
    var configuration = ServerConfiguration(listen: [("127.0.0.1", 0), ("127.0.0.2", 0)])
    configuration.loops = 3
    let server = HTTPServer(
      configuration, router: try Router(routes: [.text(.get, "/a") { _ in "a" }]),
      time: SystemTime())

    let urls = try server.start()
    defer { server.stop() }

    #expect(urls.count == 2)
    #expect(urls[0].hasPrefix("http://127.0.0.1:") && urls[1].hasPrefix("http://127.0.0.2:"))
    let port = UInt16(urls[0].split(separator: ":").last!)!
    for _ in 0..<30 { #expect(try Client(port).ask("GET", "/a").text == "a") }
  }

  @Test func `stop answers polls and streams at once, and work when it is done`() throws {
    let started = Signal()
    let work = Lock<Resumer<Int>?>(nil)
    let server = try TestServer([
      Route(.get, "/poll") { request in
        let value: Int? = await request.loop.suspend(until: request.receivedAt + .seconds(60)) {
          _ in
          started.raise()
        }
        return Response(status: value == nil && request.loop.isStopping ? 204 : 500)
      },
      Route(.get, "/stream") { request in
        let loop = request.loop
        return Response(
          status: 200,
          body: .stream { writer in
            try? await writer.write(Array("hello".utf8))
            started.raise()
            while !writer.isClosed { await loop.sleep(until: loop.time.now + .seconds(15)) }
            try? await writer.write(Array("farewell".utf8))
          })
      },
      Route(.post, "/work") { request in
        let value: Int? = await request.loop.suspend(until: nil) { resumer in
          work.withLock { $0 = resumer }
          started.raise()
        }
        return Response(status: 200, body: .bytes(Array("\(value ?? -1)".utf8)))
      },
    ])
    let (poll, stream, worker, idle) = (
      try server.client(), try server.client(), try server.client(), try server.client()
    )
    try poll.request("GET", "/poll")
    #expect(started.wait())
    try stream.request("GET", "/stream")
    #expect(started.wait())
    try worker.request("POST", "/work")
    #expect(started.wait())
    _ = try idle.ask("GET", "/none")

    let clock = SystemTime()
    let start = clock.now
    let stopping = server.server
    let thread = try Worker("stop") { stopping.stop() }
    let answered = try poll.reply()
    #expect(answered.status == 204)
    #expect(answered["Connection"] == "close")
    #expect(String(decoding: try stream.reply().body, as: UTF8.self) == "hellofarewell")
    #expect(throws: (any Error).self) { try server.client() }
    work.withLock { $0 }!.resume(42)
    #expect(try worker.reply().text == "42")
    thread.join()

    #expect(clock.now - start < .seconds(4))
    #expect(idle.isClosed())
  }

  @Test func `stop returns within its grace, whatever handlers do`() throws {
    let started = Signal()
    let ended = Box(0)
    let server = try TestServer([
      Route(.get, "/stuck") { request in
        let value: Int? = await request.loop.suspend(until: nil) { _ in started.raise() }
        ended.update { $0 += 1 }
        return Response(status: value == nil ? 503 : 200)
      },
      Route(.get, "/deaf") { request in
        let loop = request.loop
        return Response(
          status: 200,
          body: .stream { writer in
            started.raise()
            // Writes to a client that does not read, and waits without a deadline.
            while (try? await writer.write([UInt8](repeating: 1, count: 8192))) != nil {}
            let _: Int? = await loop.suspend(until: nil) { _ in }
            ended.update { $0 += 1 }
          })
      },
      Route(.get, "/away") { _ in
        started.raise()
        // Waits for something that never comes, and that is not the loop's to end.
        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        return Response(status: 200)
      },
      Route(.post, "/upload", body: .chunks) { request in
        started.raise()
        do { while (try await request.nextChunk()) != nil {} } catch { ended.update { $0 += 1 } }
        return Response(status: 200)
      },
    ]) { $0.stopGrace = .milliseconds(300) }
    let clients = try (0..<4).map { _ in try server.client() }
    for (client, path) in zip(clients, ["/stuck", "/deaf", "/away"]) {
      try client.request("GET", path)
      #expect(started.wait())
    }
    try clients[3].request("POST", "/upload", ["Content-Length": "100"])
    #expect(started.wait())

    let clock = SystemTime()
    let start = clock.now
    server.server.stop()

    #expect(clock.now - start < .seconds(4))
    #expect(ended.value == 3)
    #expect(try clients[0].reply().status == 503)
  }

  @Test func `a server that stopped may start again`() throws {
    let server = try TestServer([.text(.get, "/a") { _ in "a" }])

    server.server.stop()
    let url = try server.server.start()[0]

    let port = UInt16(url.split(separator: ":").last!)!
    #expect(try Client(port).ask("GET", "/a").text == "a")
  }

  @Test func `jobs that come after the end still run`() throws {
    let server = try TestServer([])
    let loop = server.loop
    server.server.stop()

    let ran = Box(0)
    loop.deliver { ran.update { $0 += 1 } }
    let done = Signal()
    Task(executorPreference: loop) {
      await Task.yield()
      done.raise()
    }

    #expect(done.wait())
    #expect(ran.value == 1)
  }
}
