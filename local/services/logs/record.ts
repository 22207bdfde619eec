/** One record of a log group on disk: that a stream came to be, or an event in it. */

export interface LogEvent {
  readonly stream: string;
  /** When it happened, by the writer's clock; milliseconds since the epoch. */
  readonly timestamp: number;
  /** When it arrived; milliseconds since the epoch. */
  readonly ingestion: number;
  readonly message: string;
}

export interface LogRecord extends LogEvent {
  readonly kind: "stream" | "event";
}

const HEAD_BYTES = 19;

/** kind (1 byte), timestamp (8), ingestion (8), length of the stream's name (2), the name, the message. */
export function encodeRecord({ kind, stream, timestamp, ingestion, message }: LogRecord): Buffer {
  const nameBytes = Buffer.byteLength(stream);
  const record = Buffer.allocUnsafe(HEAD_BYTES + nameBytes + Buffer.byteLength(message));
  record.writeUInt8(kind === "event" ? 1 : 0, 0);
  record.writeDoubleBE(timestamp, 1);
  record.writeDoubleBE(ingestion, 9);
  record.writeUInt16BE(nameBytes, 17);
  record.write(stream, HEAD_BYTES);
  record.write(message, HEAD_BYTES + nameBytes);
  return record;
}

export function decodeRecord(record: Buffer): LogRecord {
  const messageStart = HEAD_BYTES + record.readUInt16BE(17);
  return {
    kind: record.readUInt8(0) === 1 ? "event" : "stream",
    timestamp: record.readDoubleBE(1),
    ingestion: record.readDoubleBE(9),
    stream: record.toString("utf8", HEAD_BYTES, messageStart),
    message: record.toString("utf8", messageStart),
  };
}
