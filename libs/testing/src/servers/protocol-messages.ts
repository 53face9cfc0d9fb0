/* Messages of the PostgreSQL protocol, as far as tests between a client and a server need them. */

/** Codes that replace the version in the first message of a client. */
export const firstMessages = { cancel: 80_877_102, tls: 80_877_103 };

/** Calls `onMessage` for each complete message of a stream, with its type and its bytes. */
export function messages(onMessage: (type: string, bytes: Buffer) => void): (data: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      if (rest.length < 5) return;
      const length = 1 + rest.readInt32BE(1);
      if (rest.length < length) return;
      const bytes = rest.subarray(0, length);
      rest = rest.subarray(length);
      onMessage(String.fromCharCode(bytes[0] ?? 0), bytes);
    }
  };
}

/** A message of a type; texts end with a zero byte, numbers have four bytes. */
export function message(type: string, ...parts: readonly (string | number | Buffer)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(`${part}\0`);
      if (typeof part !== 'number') return part;
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(part);
      return bytes;
    }),
  );
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
