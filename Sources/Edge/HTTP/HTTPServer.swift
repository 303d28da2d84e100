public import Platform
internal import Synchronization

/// Waits for several threads to have done one thing.
private final class Countdown: Sendable {
  private let left: Atomic<Int>
  private let parking = Parking()

  init(_ count: Int) { left = Atomic(count) }

  func countDown() {
    if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { parking.wake() }
  }

  func wait(atMost limit: Duration) {
    if left.load(ordering: .acquiring) > 0 { parking.park(atMost: limit) }
  }
}

/// HTTP/1.1 over libmicrohttpd: listening sockets, and a loop for each thread that serves them.
public final class HTTPServer: Sendable {
  private let core: ServerCore
  private let time: any TimeSource
  private let running = Lock(Running())

  private struct Running {
    var loops: [EventLoop] = []
    var threads: [Worker] = []
  }

  /// A server that does nothing yet. `fault` renders what HTTP itself refuses.
  public init(
    _ configuration: ServerConfiguration, router: Router, observer: (any RequestObserver)? = nil,
    time: any TimeSource, fault: @escaping FaultRenderer = HTTPFault.plainResponse
  ) {
    core = ServerCore(configuration, router, observer, fault)
    self.time = time
  }

  /// Its loops, while it runs.
  public var loops: [EventLoop] { running.withLock { $0.loops } }

  /// Begins to serve. Returns the URLs that it is reached under, as many as it has addresses.
  /// Nothing listens when it throws.
  public func start() throws(HTTPError) -> [String] {
    let configuration = core.configuration
    let count = max(1, configuration.loops)
    var addresses: [ListeningAddress] = []
    do throws(HTTPError) {
      for (host, port) in configuration.listen {
        addresses.append(try ListeningAddress(host, port, count: count))
      }
    } catch {
      for address in addresses { address.close(from: 0) }
      throw error
    }
    let loops = try makeLoops(count, addresses)
    var threads: [Worker] = []
    for loop in loops {
      guard let thread = try? loop.start() else {
        stop(Running(loops: loops, threads: threads))
        throw .noResources("a thread")
      }
      threads.append(thread)
    }
    running.withLock { $0 = Running(loops: loops, threads: threads) }
    return addresses.map(\.url)
  }

  /// Stops accepting, answers what is in flight, ends waits and streams, and returns when
  /// everything is sent, within the grace and half a second. Nothing happens when it does not run.
  public func stop() {
    let stopped = running.withLock { running in
      let taken = running
      running = Running()
      return taken
    }
    stop(stopped)
  }

  /// From here on requests go by the bodies, origins and hosts of `configuration`; what else it
  /// says needs another server. Returns when every loop has taken it over, after a second at most.
  public func apply(_ configuration: ServerConfiguration) {
    let loops = loops
    let policy = ServerPolicy(configuration, loops: loops.count)
    let left = Countdown(loops.count)
    for loop in loops {
      loop.deliver {
        loop.policy = policy
        left.countDown()
      }
    }
    left.wait(atMost: .seconds(1))
  }

  /// Whether every loop has come round since this was asked before. One thread asks, now and then.
  public func isTurning() -> Bool {
    let beats = loops.map { loop in
      loop.pulse.isBeating { loop.deliver { loop.pulse.beat() } }
    }
    return beats.allSatisfy(\.self)
  }

  private func stop(_ running: Running) {
    let grace = core.configuration.stopGrace
    for loop in running.loops { loop.deliver { loop.beginStop(grace: grace) } }
    for thread in running.threads { thread.join() }
  }

  private func makeLoops(
    _ count: Int, _ addresses: [ListeningAddress]
  ) throws(HTTPError) -> [EventLoop] {
    var loops: [EventLoop] = []
    for i in 0..<count {
      let loop = EventLoop(name: "http-\(i)", time: time)
      loop.idleTimeout = core.configuration.idleTimeout
      loop.policy = ServerPolicy(core.configuration, loops: count)
      for (place, address) in addresses.enumerated() {
        do throws(HTTPError) {
          loop.add(
            try Listener(
              socket: address.sockets[i], isLoopback: address.isLoopback, core: core, loop: loop))
        } catch {
          // The sockets before this one have owners that close them; this one is closed already.
          for (later, other) in addresses.enumerated() {
            other.close(from: later <= place ? i + 1 : i)
          }
          throw error
        }
      }
      loops.append(loop)
    }
    return loops
  }
}
