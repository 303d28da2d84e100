import Testing

/// That the ledger of `KillTests` sees each kind of loss.
@Suite struct LedgerTests {
  private typealias Place = Ledger.Place
  private typealias Record = Ledger.Record

  /// A request of one event that was promised offset 0, one of two that was promised 1 and 2, and one
  /// that had no answer.
  private func makeLedger() -> Ledger {
    var ledger = Ledger()
    ledger.acknowledge(ledger.send(["a"]), at: [Place(partition: 0, offset: 0)])
    ledger.acknowledge(
      ledger.send(["b", "c"]), at: [Place(partition: 0, offset: 1), Place(partition: 0, offset: 2)])
    _ = ledger.send(["d", "e"])
    return ledger
  }

  private func records(_ values: String...) -> [Record] {
    values.enumerated().map { Record(place: Place(partition: 0, offset: $0), value: $1) }
  }

  @Test func `what was promised is enough, and what was not may be there`() {
    #expect(makeLedger().check(records("a", "b", "c")) == [])
    #expect(makeLedger().check(records("a", "b", "c", "d", "e")) == [])
    #expect(makeLedger().promises == 3)
    #expect(makeLedger().acknowledged == 2)
  }

  @Test(arguments: [
    (["a", "b"], "was promised and is gone"), (["a", "c", "b"], "was promised and is another"),
    (["a", "b", "c", "d"], "1 of 2 events of request 2 survived"),
    (["a", "b", "c", "a"], "is there twice"), (["a", "b", "c", "x"], "holds what nobody sent"),
  ])
  func `a loss is seen`(values: [String], fault: String) {
    let records = values.enumerated().map {
      Record(place: Place(partition: 0, offset: $0), value: $1)
    }

    #expect(makeLedger().check(records).contains { $0.contains(fault) })
  }

  @Test func `a gap is seen`() {
    var gapped = records("a", "b", "c", "d", "e")
    gapped[3] = Record(place: Place(partition: 0, offset: 4), value: "d")

    #expect(makeLedger().check(gapped).contains { $0.contains("follows offset 2") })
  }

  @Test func `a place promised twice, too few places and a refusal are seen`() {
    var ledger = makeLedger()
    ledger.acknowledge(ledger.send(["f"]), at: [Place(partition: 0, offset: 0)])
    ledger.acknowledge(ledger.send(["g"]), at: [])
    ledger.refuse(ledger.send(["h"]), "500")

    #expect(ledger.faults.count == 3)
  }

  @Test func `answers are read as text`() {
    let answer =
      #"{"offsets":[{"partition":1,"offset":7,"error":null},{"partition":0,"offset":12}]}"#
    let line =
      #"{"topic":"t","partition":2,"offset":5,"key":"k","value":{ "a" : 1.0 },"headers":{}}"#

    #expect(
      RecordText.places(Array(answer.utf8))
        == [Place(partition: 1, offset: 7), Place(partition: 0, offset: 12)])
    #expect(
      RecordText.records(Array("\(line)\nnone\n".utf8)) == [
        Record(place: Place(partition: 2, offset: 5), value: #"{ "a" : 1.0 }"#),
        Record(place: Place(partition: -1, offset: -1), value: "none"),
      ])
  }
}
