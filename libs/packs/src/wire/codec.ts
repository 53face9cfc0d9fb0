import type { Message, Root, Type } from 'protobufjs';
import { type MappingPackEnvelope, type MappingPackPayload, packageName, packSchema } from './pack-format.ts';

/** How many fields a message may have, messages in it included: what decoding makes of them takes memory. */
export interface DecodeLimit {
  readonly maximumFields: number;
}

/** Bytes to messages and back. Decoding throws an `Error` for what is no such message, or has too many fields. */
export interface PackCodec {
  encodeEnvelope(envelope: MappingPackEnvelope): Uint8Array;
  decodeEnvelope(bytes: Uint8Array): MappingPackEnvelope;
  encodePayload(payload: MappingPackPayload): Uint8Array;
  decodePayload(bytes: Uint8Array, limit: DecodeLimit): MappingPackPayload;
}

/** An envelope has 11 fields; a few more may be of a later version, or repeat what they replace. */
const envelopeLimit: DecodeLimit = { maximumFields: 1000 };

/** What a decoder writes for bytes that are not UTF-8. */
const replacementCharacter = '\ufffd';

let codec: Promise<PackCodec> | undefined;

/** The codec, made once; what it needs is loaded only where a pack is read or written. */
export function packCodec(): Promise<PackCodec> {
  codec ??= makeCodec();
  return codec;
}

async function makeCodec(): Promise<PackCodec> {
  const { default: protobuf } = await import('protobufjs/light.js');
  const schema = protobuf.Root.fromJSON(packSchema);
  const [envelopeType, payloadType] = [messageType(schema, 'MappingPackEnvelope'), messageType(schema, 'MappingPackPayload')];

  /** Each element of a list costs at least one tag: their number bounds what becomes of a payload of tiny messages. */
  class LimitedReader extends protobuf.BufferReader {
    lastTable: { readonly bytes: Uint8Array; readonly message: Message } | undefined;
    private fields = 0;
    private readonly maximumFields: number;

    constructor(bytes: Uint8Array, { maximumFields }: DecodeLimit) {
      super(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      this.maximumFields = maximumFields;
      this.discardUnknown = true;
    }

    override tag(): number {
      this.count(1);
      return super.tag();
    }

    /** The numbers of a list stand one after the other, without tags; they are counted before the list is made. */
    override uint32s(array?: number[]): number[] {
      const start = this.pos;
      const length = this.size();
      let numbers = 0;
      for (const byte of this.buf.subarray(this.pos, this.pos + length)) if (byte < 0x80) numbers += 1;
      this.pos = start;
      this.count(numbers);
      return super.uint32s(array);
    }

    private count(fields: number): void {
      this.fields += fields;
      if (this.fields > this.maximumFields) throw new Error(`more than ${this.maximumFields} fields`);
    }

    /** As strict as the library, but faster: what is not UTF-8 does not come back as it was. */
    override stringVerify(): string {
      const before = this.pos;
      const text = this.string();
      if (text.includes(replacementCharacter)) {
        const end = this.pos;
        this.pos = before;
        const length = this.size();
        this.pos = end;
        if (!Buffer.from(text).equals(this.buf.subarray(end - length, end))) throw new Error(`no UTF-8 at byte ${before}`);
      }
      return text;
    }
  }

  // Every resource has its root table twice, one after the other. Equal bytes are equal messages: the second is not decoded,
  // which saves a quarter of the time and of the memory.
  const tableType = messageType(schema, 'DbTableModel').setup();
  const decodeTable: MessageDecoder = tableType.decode.bind(tableType);
  const decodeTableOnce: MessageDecoder = (reader, length, end, depth, merged) => {
    const isWhole = reader instanceof LimitedReader && length !== undefined && reader.pos + length <= reader.len;
    if (!isWhole || merged) return decodeTable(reader, length, end, depth, merged);
    const bytes = reader.buf.subarray(reader.pos, reader.pos + length);
    const { lastTable } = reader;
    if (lastTable && Buffer.compare(lastTable.bytes, bytes) === 0) {
      reader.pos += length;
      return lastTable.message;
    }
    const message = decodeTable(reader, length, end, depth);
    reader.lastTable = { bytes, message };
    return message;
  };
  tableType.decode = decodeTableOnce;

  // The types of pack-format.ts are made from the same schema.
  const decode = <Decoded>(type: Type, bytes: Uint8Array, limit: DecodeLimit) =>
    type.decode(new LimitedReader(bytes, limit)) as unknown as Decoded;
  return {
    encodeEnvelope: (envelope) => envelopeType.encode(envelope).finish(),
    decodeEnvelope: (bytes) => decode<MappingPackEnvelope>(envelopeType, bytes, envelopeLimit),
    encodePayload: (payload) => payloadType.encode(payload).finish(),
    decodePayload: (bytes, limit) => decode<MappingPackPayload>(payloadType, bytes, limit),
  };
}

/** What the decoders that protobufjs makes take: a field that occurs twice is merged into the message of the first time. */
type MessageDecoder = (
  reader: Parameters<Type['decode']>[0],
  length?: number,
  end?: number,
  depth?: number,
  merged?: Message,
) => ReturnType<Type['decode']>;

function messageType(schema: Root | ReturnType<typeof Root.fromJSON>, name: string): Type {
  return schema.lookupType(`${packageName}.${name}`);
}
