/// What writers sent and what the server promised them, and what must follow of both for the
/// records that are read.
struct Ledger {
  /// A produce request: its events go into one entry of the journal, so all of them or none
  /// survive.
  struct Request {
    let values: [String]
    var isAcknowledged = false
  }

  struct Place: Hashable {
    let partition: Int
    let offset: Int
  }

  /// A record as it was read.
  struct Record: Equatable {
    let place: Place
    let value: String
  }

  private var requests: [Request] = []
  private var promised: [Place: String] = [:]
  private var requestOfValue: [String: Int] = [:]
  private(set) var faults: [String] = []

  /// How many requests had an answer.
  var acknowledged: Int { requests.count { $0.isAcknowledged } }
  /// How many events have been promised.
  var promises: Int { promised.count }

  /// Notes a request before it is sent. Its number is needed when the answer comes.
  mutating func send(_ values: [String]) -> Int {
    for value in values { requestOfValue[value] = requests.count }
    requests.append(Request(values: values))
    return requests.count - 1
  }

  /// Notes the places that the answer to `request` names.
  mutating func acknowledge(_ request: Int, at places: [Place]) {
    let values = requests[request].values
    requests[request].isAcknowledged = true
    if places.count != values.count {
      faults.append(
        "request \(request) of \(values.count) events was promised \(places.count) places")
    }
    for (place, value) in zip(places, values) {
      if promised.updateValue(value, forKey: place) != nil {
        faults.append("\(place) was promised twice, the second time to request \(request)")
      }
    }
  }

  /// Notes an answer that is no promise.
  mutating func refuse(_ request: Int, _ why: String) {
    faults.append("request \(request) was answered \(why)")
  }

  /// What is wrong with `records`, all records of the topic by partition and offset.
  func check(_ records: [Record]) -> [String] {
    var faults = faults
    var ends: [Int: Int] = [:]
    var found: [Int: Int] = [:]
    var seen: Set<String> = []
    for record in records {
      let (partition, offset) = (record.place.partition, record.place.offset)
      if offset != ends[partition, default: 0] {
        faults.append("\(record.place) follows offset \(ends[partition, default: 0] - 1)")
      }
      ends[partition] = offset + 1
      if !seen.insert(record.value).inserted { faults.append("\(record.place) is there twice") }
      guard let request = requestOfValue[record.value] else {
        faults.append("\(record.place) holds what nobody sent: \(record.value.prefix(100))")
        continue
      }
      found[request, default: 0] += 1
    }
    let present = Dictionary(records.map { ($0.place, $0.value) }, uniquingKeysWith: { a, _ in a })
    for (place, value) in promised where present[place] != value {
      faults.append("\(place) was promised and is \(present[place] == nil ? "gone" : "another")")
    }
    for (request, count) in found where count != requests[request].values.count {
      faults.append(
        "\(count) of \(requests[request].values.count) events of request \(request) survived")
    }
    return faults
  }
}
