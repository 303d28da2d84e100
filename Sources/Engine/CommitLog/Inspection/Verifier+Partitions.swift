internal import Model
internal import Platform

extension Verifier {
  /// A partition of the snapshot: its segments up to the lengths there must be whole, whatever the
  /// journal holds. What lies behind them is written again by the next start.
  mutating func check(_ image: PartitionImage) throws(LogError) {
    let identity = image.identity
    let path = inspector.directory.path(of: identity)
    let logStart = chain?.logStarts[identity.number] ?? image.logStart
    checkOffsets(image)
    if let known = chain?.identities[identity.number], known != identity {
      find(snapshotPath, 0, "partition \(identity.number) is not the one of the catalogue")
    } else if chain?.damage == nil, chain != nil, chain?.identities[identity.number] == nil {
      find(snapshotPath, 0, "partition \(identity.number) is not in the catalogue")
    }
    for (index, segment) in image.segments.enumerated() {
      let isActive = index == image.segments.count - 1
      guard let files = open(segment.base, in: path) else {
        let isGone = !isActive && segment.end <= logStart
        if !isGone, segment.length > 0 || segment.sidecarLength > 0 { missing(segment, path) }
        continue
      }
      check(files, segment, identity, isActive: isActive)
      advance(by: files.logBytes)
    }
    let known = Set(image.segments.map(\.base))
    for base in SegmentFiles.bases(in: try inspector.names(in: path)) where !known.contains(base) {
      guard base >= image.end else {
        let name = SegmentFile(
          partition: identity.number, base: base, generation: 0, kind: .log
        ).name
        note("\(path)/\(name)", 0, "no snapshot names this segment")
        continue
      }
      checkNew(base, in: path, identity.number)
    }
  }

  private var snapshotPath: String {
    inspector.directory.snapshot(chain?.checkpoint?.snapshot ?? 0)
  }

  private mutating func checkOffsets(_ image: PartitionImage) {
    let name = "partition \(image.identity.directory)"
    var next: Offset?
    for segment in image.segments {
      if let next, segment.base != next, !isLeftOut(next, segment.base, image.identity.number) {
        find(snapshotPath, 0, "\(name): no segment begins at offset \(next)")
      }
      next = segment.end
    }
    guard (next ?? image.end) == image.end, image.logStart <= image.end else {
      return find(snapshotPath, 0, "\(name): its segments end at another offset than itself")
    }
  }

  /// Whether the catalogue knows that these offsets are lost.
  private func isLeftOut(_ from: Offset, _ to: Offset, _ number: PartitionNumber) -> Bool {
    chain?.known[number]?.contains { $0.lowerBound <= from && to <= $0.upperBound } == true
  }

  private mutating func missing(_ segment: SegmentImage, _ path: String) {
    var file = SegmentFile(
      partition: .catalogue, base: segment.base, generation: segment.generation, kind: .log)
    let fileSystem = inspector.directory.fileSystem
    for kind in [SegmentFile.Kind.log, .sidecar] {
      file.kind = kind
      do throws(SystemError) { _ = try fileSystem.open("\(path)/\(file.name)", .read) } catch {
        let sentence = error.isAbsent ? "there is no such file" : "\(error)"
        find("\(path)/\(file.name)", 0, sentence)
      }
    }
  }

  private func open(_ base: Offset, in path: String) -> SegmentFiles? {
    try? SegmentFiles(base, in: path, inspector.directory.fileSystem)
  }

  /// A directory that the snapshot does not list: a partition's that came after it, or nobody's.
  mutating func checkUnlisted(_ name: String) throws(LogError) {
    let path = "\(inspector.directory.topics)/\(name)"
    let bases = SegmentFiles.bases(in: try inspector.names(in: path))
    guard !bases.isEmpty else { return }
    let owners = bases.compactMap { base in try? open(base, in: path)?.head() }
    let expected = chain?.identities.values.first { $0.directory == name }
    if let owner = owners.first, chain?.deleted.contains(owner.partition) == true { return }
    guard let expected else {
      return note(path, 0, "no partition of the catalogue has this directory")
    }
    if let owner = owners.first,
      owner.partition != expected.number || owner.topic != expected.topicID
    {
      return find(
        path, 0,
        "it holds partition \(owner.partition) of topic \(owner.topic), where the catalogue has "
          + "partition \(expected.number) of topic \(expected.topicID)")
    }
    for base in bases { checkNew(base, in: path, expected.number) }
  }

  /// A segment that is younger than the snapshot: what is not whole in it is written again.
  private mutating func checkNew(_ base: Offset, in path: String, _ number: PartitionNumber) {
    guard let files = open(base, in: path) else {
      let name = SegmentFile(partition: number, base: base, generation: 0, kind: .log).name
      return note("\(path)/\(name)", 0, "one of its two files is missing; \(Self.rewritten)")
    }
    result.files += 2
    defer { advance(by: files.logBytes) }
    do throws(SegmentProblem) {
      let head = try files.head()
      guard head.partition == number, head.base == base else {
        throw SegmentProblem(kind: .sidecar, position: 0, sentence: "it is another segment's")
      }
      var pass = SegmentPass(files, generation: head.generation)
      follow(files, &pass, number, from: 0)
      count(pass)
    } catch {
      note(files.sidecarPath, error.position, "\(error.sentence); \(Self.rewritten)")
    }
  }

  static let rewritten = "the next start writes it again"
}
