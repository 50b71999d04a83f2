#include <stddef.h>

/* All .proto files that the project serves, as `Protos/generate` makes them: a packed
   google.protobuf.FileDescriptorSet. It lives as long as the program. */
const unsigned char *muster_descriptor_set(size_t *size);
