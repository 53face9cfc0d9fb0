import type { BufferReader, IField, INamespace, Message, Root, Type } from 'protobufjs';
import type { PackMessage } from './message.ts';
import { packMessages } from './pack-format.ts';

/** The maximum number of fields of a message, including nested messages, because decoded fields take memory. */
interface DecodeLimit {
  readonly maximumFields: number;
}

/**
 * Converts bytes to messages and back. Decoding throws an `Error` for bytes that are not such a message, or have too
 * many fields.
 */
interface PackCodec {
  encodeEnvelope(envelope: PackMessage<'MappingPackEnvelope'>): Uint8Array;
  decodeEnvelope(bytes: Uint8Array): PackMessage<'MappingPackEnvelope'>;
  encodePayload(payload: PackMessage<'MappingPackPayload'>): Uint8Array;
  decodePayload(bytes: Uint8Array, limit: DecodeLimit): PackMessage<'MappingPackPayload'>;
  encodeDescription(description: PackMessage<'MappingSetDescription'>): Uint8Array;
  decodeDescription(bytes: Uint8Array, limit: DecodeLimit): PackMessage<'MappingSetDescription'>;
}

/** The schema as protobufjs reads it, without the name of its package, which no byte depends on. */
function packSchema(): INamespace {
  const messages = Object.entries<Readonly<Record<string, string>>>(packMessages).map(([message, texts]) => {
    const fields: Record<string, IField> = {};
    const oneofs: Record<string, { oneof: string[] }> = {};
    const kind: string[] = [];
    for (const [name, text] of Object.entries(texts)) {
      const [id, type = '', label] = text.split(' ').reverse();
      const options = { proto3_optional: label === 'optional' || undefined };
      fields[name] = { type, id: Number(id), ...(label === 'repeated' ? { rule: label } : { options }) };
      if (label === 'choice') kind.push(name);
      if (label === 'optional') oneofs[`_${name}`] = { oneof: [name] };
    }
    return [message, { fields, oneofs: kind.length === 0 ? oneofs : { ...oneofs, kind: { oneof: kind } } }];
  });
  return { nested: Object.fromEntries(messages) };
}

let codec: Promise<PackCodec> | undefined;

/** The codec, created once; its library is loaded only if a pack is read or written. */
export function packCodec(): Promise<PackCodec> {
  codec ??= makeCodec();
  return codec;
}

/** An envelope has 12 fields; a few more may belong to a later version, or repeat fields. */
const envelopeLimit: DecodeLimit = { maximumFields: 1000 };

async function makeCodec(): Promise<PackCodec> {
  const { default: protobuf } = await import('protobufjs/light.js');
  const schema = protobuf.Root.fromJSON(packSchema());
  const envelopeType = messageType(schema, 'MappingPackEnvelope');
  const payloadType = messageType(schema, 'MappingPackPayload');
  const descriptionType = messageType(schema, 'MappingSetDescription');
  const LimitedReader = limitedReader(protobuf.BufferReader);
  decodeTablesOnce(messageType(schema, 'DbTableModel').setup(), LimitedReader);
  // the types of messages follow from the same schema
  const decode = <Decoded>(type: Type, bytes: Uint8Array, limit: DecodeLimit) =>
    type.decode(new LimitedReader(bytes, limit)) as unknown as Decoded;
  return {
    encodeEnvelope: (envelope) => envelopeType.encode(envelope).finish(),
    decodeEnvelope: (bytes) => decode<PackMessage<'MappingPackEnvelope'>>(envelopeType, bytes, envelopeLimit),
    encodePayload: (payload) => payloadType.encode(payload).finish(),
    decodePayload: (bytes, limit) => decode<PackMessage<'MappingPackPayload'>>(payloadType, bytes, limit),
    encodeDescription: (description) => descriptionType.encode(description).finish(),
    decodeDescription: (bytes, limit) => decode<PackMessage<'MappingSetDescription'>>(descriptionType, bytes, limit),
  };
}

function messageType(schema: Root | ReturnType<typeof Root.fromJSON>, name: string): Type {
  return schema.lookupType(name);
}

/** The character with which a decoder replaces bytes that are not UTF-8. */
const replacementCharacter = '\ufffd';

/** A table that was decoded, with its bytes. */
interface DecodedTable {
  readonly bytes: Uint8Array;
  readonly message: Message;
}

/** Makes the class of readers that stop after a number of fields; its base class is loaded with the library. */
function limitedReader(Base: typeof BufferReader) {
  /**
   * Each element of a list needs at least one tag, so counting them limits the memory for a payload of tiny messages.
   */
  return class LimitedReader extends Base {
    lastTable: DecodedTable | undefined;
    fields = 0;
    readonly maximumFields: number;

    constructor(bytes: Uint8Array, { maximumFields }: DecodeLimit) {
      super(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      this.maximumFields = maximumFields;
      this.discardUnknown = true;
    }

    override tag(): number {
      this.count(1);
      return super.tag();
    }

    /** The numbers of a packed list have no tags; they are counted before the list is created. */
    override uint32s(array?: number[]): number[] {
      const start = this.pos;
      const length = this.size();
      let numbers = 0;
      for (const byte of this.buf.subarray(this.pos, this.pos + length)) if (byte < 0x80) numbers += 1;
      this.pos = start;
      this.count(numbers);
      return super.uint32s(array);
    }

    count(fields: number): void {
      this.fields += fields;
      if (this.fields > this.maximumFields) throw new Error(`more than ${this.maximumFields} fields`);
    }

    /**
     * Reads a text as strictly as the library, but faster: text that is not UTF-8 changes when it is decoded and
     * encoded.
     */
    override stringVerify(): string {
      const before = this.pos;
      const text = this.string();
      if (text.includes(replacementCharacter)) {
        const end = this.pos;
        this.pos = before;
        const length = this.size();
        this.pos = end;
        if (!Buffer.from(text).equals(this.buf.subarray(end - length, end)))
          throw new Error(`no UTF-8 at byte ${before}`);
      }
      return text;
    }
  };
}

/**
 * The signature of the decoders of protobufjs, which merge a repeated field into the message of its first occurrence.
 */
type MessageDecoder = (
  reader: Parameters<Type['decode']>[0],
  length?: number,
  end?: number,
  depth?: number,
  merged?: Message,
) => ReturnType<Type['decode']>;

/**
 * Every resource contains its root table twice in a row. Equal bytes are equal messages, so the second table is not
 * decoded, which saves a quarter of the time and memory.
 */
function decodeTablesOnce(tableType: Type, LimitedReader: ReturnType<typeof limitedReader>): void {
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
}
