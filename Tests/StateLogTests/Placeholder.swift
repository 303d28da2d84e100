// Filled with the state log's tests.
