import Glibc

@testable import HTTP

extension EventLoop {
  /// How many connections the loop has. On its thread.
  var trafficConnections: Int { traffic.connections.count }
  /// How many requests are under way on it. On its thread.
  var trafficExchanges: Int { traffic.exchanges }
  /// How many handlers and streams have not returned. On its thread.
  var trafficTasks: Int { traffic.tasks }
}

/// Lets this process have as many descriptors as it may.
func raiseDescriptorLimit() {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  limit.rlim_cur = limit.rlim_max
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
