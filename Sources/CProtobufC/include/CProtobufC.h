/* libprotobuf-c, and the messages of muster.v1, grpc.health.v1 and grpc.reflection.v1 as `Protos/generate` makes them. */
#include <protobuf-c/protobuf-c.h>

#include "grpc/health/v1/health.pb-c.h"
#include "grpc/reflection/v1/reflection.pb-c.h"
#include "muster/v1/command.pb-c.h"
#include "muster/v1/config.pb-c.h"
#include "muster/v1/control.pb-c.h"
#include "muster/v1/fleet.pb-c.h"
#include "muster/v1/metrics.pb-c.h"
#include "muster/v1/rollout.pb-c.h"
