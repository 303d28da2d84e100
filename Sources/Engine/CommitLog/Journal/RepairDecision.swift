/// What an operator decides where the journal alone cannot tell.
public enum RepairDecision: Sendable, Equatable {
  /// The last frame, which is damaged, was never acknowledged: it is cut off.
  case neverAcknowledged
  /// What is damaged or gone had been acknowledged: it is left out, and its offsets stay taken.
  case leaveGap
  /// Nothing is decided, since nothing will be written: what is there is shown.
  case lookOnly
}
