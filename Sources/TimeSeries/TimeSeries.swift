// TimeSeries holds samples. It imports no other module of the project, reads no clock (times are
// arguments) and takes no lock (its owner does).
//
// What is here is the hot tier: every series of one host for the last minutes, in memory.
//
//   append ─► HotHead, 64 frames, row by row ──seal──► HotBlock ─► HotBlock ─► … ─► dropped whole
//               │                                       immutable, column by column, bit-packed
//               └─► LatestValues: the newest value of every series, dense
//
// Times belong to frames, not to series, and a frame names only the series that changed: an unchanged
// series costs neither time nor a byte. Neither head nor block keeps the values it starts from. The
// newest values are known, and every stored change is a distance, so a reader walks back from the
// newest values to where it wants to start, and then forward.
//
// A value is a raw Int64. What it means (a divisor, a double's bit pattern) is the caller's knowledge;
// differences wrap, so any Int64 is a value like any other.
