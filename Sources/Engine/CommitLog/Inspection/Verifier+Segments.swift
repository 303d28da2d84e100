internal import Bytes
internal import Model
internal import Platform

extension Verifier {
  /// Checks a segment up to the lengths of its snapshot, and looks at what follows in the active
  /// one.
  mutating func check(
    _ files: SegmentFiles, _ image: SegmentImage, _ identity: PartitionIdentity, isActive: Bool
  ) {
    result.files += 2
    checkHead(files, image, identity)
    checkLengths(files, image, isActive: isActive)
    var pass = SegmentPass(files, generation: image.generation)
    let rows = Int(clamping: image.sidecarLength - Int64(SidecarHead.size)) / SidecarRow.size
    let before = result.findings.count
    checkRows(files, image, &pass, count: max(0, isActive ? rows : rows - 1))
    if result.findings.count == before { checkEnd(files, image, pass) }
    if !isActive {
      checkSeal(files, image, pass, isWhole: result.findings.count == before)
    } else if result.findings.count == before {
      follow(files, &pass, identity.number, from: rows)
    }
    reached[identity.number] = max(reached[identity.number] ?? 0, pass.offset ?? image.end)
    count(pass)
  }

  mutating func count(_ pass: borrowing SegmentPass) {
    result.batches += pass.batches
    result.records += pass.records
  }

  private mutating func checkHead(
    _ files: SegmentFiles, _ image: SegmentImage, _ identity: PartitionIdentity
  ) {
    do throws(SegmentProblem) {
      let head = try files.head()
      if head.partition != identity.number || head.topic != identity.topicID {
        find(
          files.sidecarPath, 0,
          "it is of partition \(head.partition), topic \(head.topic), not of partition "
            + "\(identity.number), topic \(identity.topicID)")
      }
      if head.base != image.base || head.generation != image.generation {
        find(
          files.sidecarPath, 0,
          "it is of the segment at \(head.base), generation \(head.generation), not of "
            + "\(image.base), generation \(image.generation)")
      }
    } catch {
      find(files.sidecarPath, error.position, error.sentence)
    }
  }

  private mutating func checkLengths(
    _ files: SegmentFiles, _ image: SegmentImage, isActive: Bool
  ) {
    for (path, bytes, length) in [
      (files.logPath, files.logBytes, image.length),
      (files.sidecarPath, files.sidecarBytes, image.sidecarLength),
    ] where isActive ? bytes < length : bytes != length {
      find(path, min(bytes, length), "it has \(bytes) bytes, and should have \(length)")
    }
  }

  /// The first `count` rows and their intervals. A damaged one costs only itself.
  private mutating func checkRows(
    _ files: SegmentFiles, _ image: SegmentImage, _ pass: inout SegmentPass, count: Int
  ) {
    let limit = min(image.length, files.logBytes)
    var index = 0
    while index < min(count, files.rowCount) {
      let rows: [Result<SidecarRow, FormatFault>]
      do throws(SegmentProblem) {
        rows = try files.rows(from: index, count: min(1024, count - index))
      } catch {
        return find(files.sidecarPath, error.position, error.sentence)
      }
      if rows.isEmpty { return }
      for row in rows {
        check(row, at: SegmentFiles.position(ofRow: index), files, limit, &pass)
        index += 1
      }
    }
  }

  private mutating func check(
    _ row: Result<SidecarRow, FormatFault>, at place: Int64, _ files: SegmentFiles, _ limit: Int64,
    _ pass: inout SegmentPass
  ) {
    switch row {
    case .failure(let fault):
      find(files.sidecarPath, place, "a row: \(fault.sentence)")
      pass.skip()
    case .success(let row) where row.isSeal:
      find(files.sidecarPath, place, "a seal stands among its rows")
      pass.skip()
    case .success(let row):
      do throws(SegmentProblem) { try pass.check(row, at: place, before: limit) } catch {
        let path = error.kind == .log ? files.logPath : files.sidecarPath
        find(path, error.position, error.sentence)
        pass.skip(row)
      }
    }
  }

  private mutating func checkEnd(
    _ files: SegmentFiles, _ image: SegmentImage, _ pass: borrowing SegmentPass
  ) {
    guard let position = pass.position, let offset = pass.offset else { return }
    if position != image.length || offset != image.end {
      find(
        files.sidecarPath, image.sidecarLength,
        "its rows end at byte \(position), offset \(offset), and should end at byte "
          + "\(image.length), offset \(image.end)")
    }
  }

  /// The row that ends a sealed segment's sidecar, and the digest that it carries.
  private mutating func checkSeal(
    _ files: SegmentFiles, _ image: SegmentImage, _ pass: borrowing SegmentPass, isWhole: Bool
  ) {
    let index = Int(clamping: image.sidecarLength - Int64(SidecarHead.size)) / SidecarRow.size - 1
    let place = SegmentFiles.position(ofRow: max(0, index))
    guard index >= 0, let row = try? files.rows(from: index, count: 1).first?.get(), row.isSeal,
      row.position == image.length, Int(row.records) == index
    else { return find(files.sidecarPath, place, "it does not end with the seal of its segment") }
    let sealed = UInt64(bitPattern: row.baseOffset)
    if sealed != image.digest {
      find(files.sidecarPath, place, "its seal has another digest than the snapshot")
    }
    if isWhole, pass.digest != sealed {
      find(files.logPath, 0, "its digest is not the one that it was sealed with")
    }
  }

  /// What lies behind the checkpoint: counted as far as it is whole and goes on.
  mutating func follow(
    _ files: SegmentFiles, _ pass: inout SegmentPass, _ number: PartitionNumber, from first: Int
  ) {
    var index = first
    var isSealed = false
    rows: while index < files.rowCount {
      guard let rows = try? files.rows(from: index, count: 1024), !rows.isEmpty else { break }
      for row in rows {
        guard let row = try? row.get() else { break rows }
        isSealed = row.isSeal
        guard !row.isSeal,
          (try? pass.check(row, at: SegmentFiles.position(ofRow: index), before: files.logBytes))
            != nil
        else { break rows }
        index += 1
      }
    }
    let start = pass.position ?? 0
    let end = isSealed ? start : pass.followBatches(before: files.logBytes)
    if end < files.logBytes {
      note(
        files.logPath, end,
        "\(files.logBytes - end) bytes behind the checkpoint are not whole; \(Self.rewritten)")
    }
    let offset = pass.offset ?? 0
    reached[number] = max(reached[number] ?? 0, offset)
    guard let chain, chain.damage == nil, offset > chain.ends[number] ?? 0,
      !chain.deleted.contains(number)
    else { return }
    ahead.append(Ahead(partition: number, path: files.logPath, position: end, end: offset))
  }
}
