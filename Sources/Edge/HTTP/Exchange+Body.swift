internal import CMicrohttpd
internal import Compression

extension Exchange {
  /// Adds a piece to the body that is kept whole. What is too long, or for nobody, is read and
  /// thrown away, so that the connection stays good; up to as much again as a body may have.
  func keep(_ bytes: UnsafeRawBufferPointer) {
    let limit = policy.maximumBody
    if case .handle(let route) = plan, route.bodyMode == .whole {
      if body.count + bytes.count > limit {
        drop(.bodyTooLarge(limit: limit))
      } else if loop.traffic.bodyBytes + bytes.count > policy.bodyBudget {
        drop(.overloaded)
      } else {
        grow(bytes.count)
        unsafe body.append(contentsOf: bytes)
        charge(bytes.count)
        return
      }
    }
    excess += bytes.count
    if excess > max(limit * 2, 1 << 20) { isHopeless = true }
  }

  /// The body as the handler gets it: decoded, and with 64 bytes of room after it. False when it
  /// was refused.
  func takeBody() -> Bool {
    guard let request else { return false }
    if let coding = bodyCoding, !body.isEmpty {
      let limit = policy.maximumBody
      do {
        let text = try coding.decompress(body.span, atMost: limit, spare: 64)
        charge(text.count - body.count)
        body = text
      } catch {
        let fault: HTTPFault =
          switch error {
          case .tooLarge: .bodyTooLarge(limit: limit)
          case .outOfMemory: .overloaded
          case .corrupt, .truncated: .malformed("The body is not \(coding.rawValue).")
          }
        body = []
        answer(core.render(fault, request))
        return false
      }
    }
    swap(&request.contents, &body)
    return true
  }

  private func drop(_ fault: HTTPFault) {
    excess += body.count
    charge(-body.count)
    body = []
    plan = refuse(fault)
  }

  /// Counts bytes against the loop's budget.
  private func charge(_ count: Int) {
    bodyCharge += count
    loop.traffic.bodyBytes += count
  }

  /// Room for `count` more bytes and 64 after them, by doubling.
  private func grow(_ count: Int) {
    let needed = body.count + count + 64
    if body.capacity < needed { body.reserveCapacity(max(needed, body.capacity * 2)) }
  }
}
