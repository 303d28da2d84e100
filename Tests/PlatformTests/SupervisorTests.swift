import Platform
import Testing

@Suite struct SupervisorTests {
  @Test func `without a socket there is no supervisor`() {
    #expect(Supervisor([("HOME", "/"), ("NOTIFY_SOCKET", "")]) == nil)
  }

  @Test(
    arguments: [
      ([("WATCHDOG_USEC", "3000000")], .seconds(3)),
      ([("WATCHDOG_USEC", "3000000"), ("WATCHDOG_PID", "7")], .seconds(3)),
      ([("WATCHDOG_USEC", "3000000"), ("WATCHDOG_PID", "8")], nil),
      ([("WATCHDOG_USEC", "0")], nil), ([("WATCHDOG_USEC", "soon")], nil), ([], nil),
    ] as [([(String, String)], Duration?)])
  func `a watch is one that is meant for this process`(
    variables: [(String, String)], patience: Duration?
  ) throws {
    let environment = [("NOTIFY_SOCKET", "/run/x")] + variables
    let supervisor = try #require(
      Supervisor(environment.map { (name: $0.0, value: $0.1) }, process: 7))

    #expect(supervisor.patience == patience)
  }

  @Test(arguments: ["/nonexistent/notify", "@nobody-listens-here", "vsock:2:1", "relative", "/"])
  func `a supervisor that cannot be reached is an error`(address: String) throws {
    let supervisor = try #require(Supervisor([("NOTIFY_SOCKET", address)]))

    #expect(throws: SystemError.self) { try supervisor.tell(.ready, status: "x") }
  }

  @Test func `an address that is too long is an error`() throws {
    let address = "/" + String(repeating: "x", count: 200)
    let supervisor = try #require(Supervisor([("NOTIFY_SOCKET", address)]))

    #expect(throws: SystemError(call: "sendto", subject: address, code: 36)) {
      try supervisor.tell(.alive)
    }
  }

  @Test func `a pulse beats while its thread answers`() {
    let pulse = Pulse()
    var asked = 0

    #expect(pulse.isBeating { asked += 1 })
    #expect(!pulse.isBeating { asked += 1 })
    #expect(!pulse.isBeating { asked += 1 })
    pulse.beat()
    #expect(pulse.isBeating { asked += 1 })

    #expect(asked == 2, "one that has not answered is not asked again")
  }
}
