"""Names that the benchmark and its worker agree on."""

NOOP = "zentrum.local.benchmarks.noop"
DONE = "bench-noop-done"
