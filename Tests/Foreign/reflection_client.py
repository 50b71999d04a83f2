"""Server reflection of a real aggregator, as tools use it: everything is found without a .proto file.

Usage: reflection_client.py ADDRESS PROTOS_DIRECTORY

Exits with 0 when grpcio's own reflection client finds every service, describes it as our .proto files do, and can call
it with what it found; and when the newer name of the service answers the same.
"""
import os
import sys

import grpc
from google.protobuf import descriptor_pool, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from muster_protos import check, described, load, method, services

address, protos = sys.argv[1:]
ours = services(protos, "muster.v1")

with grpc.insecure_channel(address) as channel:
    database = ProtoReflectionDescriptorDatabase(channel)
    found = set(database.get_services())
    expected = {
        *ours, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection"}
    check("services", found, expected)

    pool = descriptor_pool.DescriptorPool(database)
    methods = {
        f"muster.v1.{service.name}": [entry.name for entry in service.method]
        for file in described(protos, "muster.v1").file for service in file.service}
    for name in found:
        service = pool.FindServiceByName(name)
        if name in methods:
            check(name, [entry.name for entry in service.methods], methods[name])
    # A nested thing, by its full name.
    check("enum", pool.FindEnumTypeByName("muster.v1.ConfigState").values_by_number[7].name, "CONFIG_STATE_FAILED")

    version = pool.FindServiceByName("muster.v1.FleetService").methods_by_name["GetVersion"]
    Request = message_factory.GetMessageClass(version.input_type)
    Response = message_factory.GetMessageClass(version.output_type)
    ask = method(channel.unary_unary, "/muster.v1.FleetService/GetVersion", Request, Response)
    if not ask(Request(), timeout=20).version:
        sys.exit("a call with messages that reflection described came to nothing")

    message = load(protos, "grpc.reflection.v1")
    Question, Answer = message("ServerReflectionRequest"), message("ServerReflectionResponse")
    info = method(
        channel.stream_stream, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Question, Answer)
    questions = [
        Question(list_services="*"), Question(file_by_filename="muster/v1/rollout.proto"),
        Question(file_containing_symbol="muster.v1.RolloutService.Push"),
        Question(file_containing_symbol="muster.v1.Nothing"), Question(file_by_filename="no.proto"),
        Question(all_extension_numbers_of_type="muster.v1.Label"), Question(host="x"),
        Question(file_containing_extension=message("ExtensionRequest")(containing_type="muster.v1.Label")),
    ]
    answers = list(info(iter(questions), timeout=20))
    check("requests", [answer.original_request for answer in answers], questions)
    check("v1 services", {service.name for service in answers[0].list_services_response.service}, expected)
    check("files", len(answers[1].file_descriptor_response.file_descriptor_proto) > 1, True)
    # What it imports was sent already.
    check("files again", len(answers[2].file_descriptor_response.file_descriptor_proto), 1)
    check("errors", [answers[index].error_response.error_code for index in (3, 4, 6, 7)], [5, 5, 3, 5])
    check("extensions", answers[5].all_extension_numbers_response.base_type_name, "muster.v1.Label")

print("as tools expect", flush=True)
# What grpcio still has to do when the interpreter shuts down may have it wait for ever: it is waited for nothing.
os._exit(0)
