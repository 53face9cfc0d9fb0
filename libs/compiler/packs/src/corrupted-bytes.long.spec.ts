import { DmsError } from '@dms/diagnostics';
import { plansText } from '@dms/plans';
import { everything, modelOf, propertyRuns, random } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PackParts, packOf, seal, takeApart } from '../test/pack-parts.ts';
import { everythingAsked, secondModelOf } from '../test/second-generation.ts';
import { readPack } from './index.ts';

let pack: Uint8Array;
let parts: PackParts;
let second: PackParts;
beforeAll(async () => {
  pack = await packOf(modelOf(everything, 'mssql'));
  parts = await takeApart(pack);
  second = await takeApart(await packOf(secondModelOf(everythingAsked, 'mssql')));
});

type RandomNumber = () => number;
type ByteCorruption = (bytes: Buffer, next: RandomNumber) => Buffer;

const below = (next: RandomNumber, limit: number) => Math.floor(next() * limit);

/** Overwrites a random place with a varint: a wrong length, tag or number. */
function lie(bytes: Buffer, next: RandomNumber): Buffer {
  const position = below(next, bytes.length);
  const lies = [
    'ffffffff07',
    'ffffffff0f',
    '8080808008',
    'ffffffffffffffffff01',
    '80808080808080808080',
    '7f',
    '00',
    '808001',
  ];
  Buffer.from(lies[below(next, lies.length)] ?? '', 'hex').copy(bytes, position);
  return bytes;
}

const corruptions: Readonly<Record<string, ByteCorruption>> = {
  'a bit': (bytes, next) => {
    const position = below(next, bytes.length);
    bytes[position] = (bytes[position] ?? 0) ^ (1 << below(next, 8));
    return bytes;
  },
  'some bytes': (bytes, next) => {
    for (let count = 1 + below(next, 8); count > 0; count -= 1) bytes[below(next, bytes.length)] = below(next, 256);
    return bytes;
  },
  'the end cut off': (bytes, next) => bytes.subarray(0, below(next, bytes.length)),
  'a part cut out': (bytes, next) => {
    const start = below(next, bytes.length);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + below(next, 40))]);
  },
  'a part twice': (bytes, next) => {
    const start = below(next, bytes.length);
    const part = bytes.subarray(start, start + 1 + below(next, 400));
    return Buffer.concat([bytes.subarray(0, start), part, bytes.subarray(start)]);
  },
  'a length that lies': lie,
};

const isError = (code: string) => code.startsWith('PACK_') || code === 'MAPPING_VERSION_UNKNOWN';

/** The result of reading a pack: the hash of its payload, or a code of `isError`; any other error is thrown. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const { payloadSha256 } = await readPack(bytes, 'a.mpack');
    return `read ${Buffer.from(payloadSha256).toString('hex')}`;
  } catch (error) {
    if (error instanceof DmsError && error.diagnostics.every(({ code }) => isError(code))) return error.code;
    throw error;
  }
}

async function outcomes(runs: number, make: (next: RandomNumber, corrupt: ByteCorruption) => Promise<Uint8Array>) {
  const seed = Number(process.env.DMS_PROPERTY_SEED ?? 18);
  const next = random(seed);
  const all = Object.entries(corruptions);
  const counts = new Map<string, number>();
  for (let run = 0; run < runs; run += 1) {
    const [name, corrupt] = all[run % all.length] ?? all[0]!;
    const bytes = await make(next, corrupt);
    const result = await outcome(bytes).catch((error: unknown) => {
      throw new Error(`run ${run} of seed ${seed}, ${name}`, { cause: error });
    });
    counts.set(result, (counts.get(result) ?? 0) + 1);
  }
  return counts;
}

const codes = (counts: ReadonlyMap<string, number>) =>
  [...counts.keys()].filter((each) => each.startsWith('PACK_')).sort();

describe('random changes of the bytes of a pack', () => {
  it('anywhere in the file: a PACK_* error, or the same payload', async () => {
    const same = await outcome(pack);
    const counts = await outcomes(propertyRuns(2000), async (next, corrupt) => corrupt(Buffer.from(pack), next));
    // the hash does not cover the producer, a field of a later version, or another compression of the same bytes
    expect([...counts.keys()].filter((each) => each.startsWith('read ') && each !== same)).toEqual([]);
    expect(counts.get(same) ?? 0).toBeLessThan(0.05 * propertyRuns(2000));
    expect(codes(counts)).toEqual(expect.arrayContaining(['PACK_DECOMPRESS', 'PACK_ENVELOPE', 'PACK_PAYLOAD_HASH']));
  });

  it.each<[string, () => PackParts]>([
    ['first', () => parts],
    ['second', () => second],
  ])('in a payload of the %s generation whose hash is right: a PACK_* error, or a mapping set', async (_, partsOf) => {
    const { payloadBytes, envelope } = partsOf();
    const counts = await outcomes(propertyRuns(400), async (next, corrupt) =>
      seal(corrupt(Buffer.from(payloadBytes), next), envelope),
    );
    expect(codes(counts)).toEqual(['PACK_INVARIANT', 'PACK_PAYLOAD']);
  });
});

it('a single changed bit of the hash, or of the compressed payload, never gives another payload', async () => {
  const same = await outcome(pack);
  const { payloadSha256, payloadZstd } = parts.envelope;
  const start = Buffer.from(pack).indexOf(payloadSha256);
  for (let position = start; position < start + 32; position += 1) {
    const bytes = Buffer.from(pack);
    bytes[position] = (bytes[position] ?? 0) ^ (1 << (position % 8));
    expect(await outcome(bytes)).toBe('PACK_PAYLOAD_HASH');
  }
  const frame = Buffer.from(pack).indexOf(payloadZstd);
  for (let position = frame; position < frame + payloadZstd.length; position += 7) {
    const bytes = Buffer.from(pack);
    bytes[position] = (bytes[position] ?? 0) ^ (1 << (position % 8));
    expect([same, 'PACK_DECOMPRESS', 'PACK_PAYLOAD_HASH']).toContain(await outcome(bytes));
  }
});

it('a single changed bit of the compressed description never gives another description', async () => {
  const description = Buffer.from(parts.envelope.description?.descriptionZstd ?? []);
  expect(description.length).toBeGreaterThan(1_000);
  const whole = plansText((await readPack(pack, 'a.mpack')).mappingSet);
  const frame = Buffer.from(pack).indexOf(description);
  for (let position = frame; position < frame + description.length; position += 97) {
    const bytes = Buffer.from(pack);
    bytes[position] = (bytes[position] ?? 0) ^ (1 << (position % 8));
    const found = await readPack(bytes, 'a.mpack').then(
      ({ mappingSet }) => plansText(mappingSet),
      ({ code }: DmsError) => code,
    );
    expect([whole, 'PACK_DECOMPRESS', 'PACK_PAYLOAD_HASH']).toContain(found);
  }
});
