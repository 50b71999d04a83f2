#include <zlib.h>

// Macros of zlib.h, which Swift does not see. 15 + 16: the largest window, in gzip's format (RFC 1952).
static inline int muster_gzip_deflate_init(z_stream *stream) {
  return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int muster_gzip_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
