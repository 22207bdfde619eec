/** The few lines that every gRPC service of this folder needs. */
import * as grpc from "@grpc/grpc-js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { WireProperties } from "../../local/monitor/wire";

const LARGEST_MESSAGE = 2 ** 28;

/** A method from a function: what it throws is the call's error, with its message. */
export function answer<Request, Response>(
  handle: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    Promise.resolve()
      .then(() => handle(request))
      .then(
        (response) => callback(null, response),
        (error: unknown) =>
          callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
      );
  };
}

/** Serves methods on a free port of this machine. */
export function serve(
  service: grpc.ServiceDefinition,
  methods: grpc.UntypedServiceImplementation,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": LARGEST_MESSAGE,
    "grpc.max_send_message_length": LARGEST_MESSAGE,
  });
  server.addService(service, methods);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve({ port, close: () => server.forceShutdown() }) : reject(error),
    );
  });
}

export function readStruct(struct: Struct | undefined): WireProperties {
  return struct?.toJavaScript() ?? {};
}
