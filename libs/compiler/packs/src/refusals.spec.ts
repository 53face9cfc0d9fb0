import type { MappingVersion } from '@dms/api-schema';
import { everything, modelOf } from '@dms/testing';
import { sha256 } from '@dms/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorOf, expectError, type PackParts, packOf, seal, takeApart } from '../test/pack-parts.ts';
import { laterVersions, secondModelOf } from '../test/second-generation.ts';
import { checkPackLength, packLimits, readPack } from './index.ts';
import type { PackMessage } from './wire/message.ts';
import { compress } from './zstd.ts';

const everyKind = modelOf(everything, 'pgsql');

let pack: Uint8Array;
let parts: PackParts;
beforeAll(async () => {
  pack = await packOf(everyKind);
  parts = await takeApart(pack);
});

describe('the envelope of a pack of the second generation', () => {
  let second: Uint8Array;
  beforeAll(async () => {
    second = await packOf(secondModelOf(everything, 'pgsql'));
  });

  it('is of the generation that was asked for', async () => {
    expect((await errorOf(second, { expected: { relationalMappingVersion: 'v1' } })).diagnostics[0]).toMatchObject({
      code: 'PACK_HEADER_MISMATCH',
      details: { what: 'relational_mapping_version', expected: 'v1', found: 'v2' },
    });
    expect((await readPack(second, 'a.mpack')).mappingSet.key.relationalMappingVersion).toBe('v2');
  });

  it('has the format of its generation', async () => {
    const { envelope, payloadBytes } = await takeApart(second);
    const bytes = await seal(payloadBytes, envelope, { packFormatVersion: 1 });
    await expectError(bytes, 'PACK_HEADER_MISMATCH', 'pack_format_version', 2, 1);
    const named = await seal(payloadBytes, envelope, { generation: 'v2' });
    await expectError(named, 'PACK_HEADER_MISMATCH', 'generation', 'none', 'v2');
    // the second generation refuses a payload of the first
    const foreign = await seal(parts.payloadBytes, envelope);
    await expectError(foreign, 'PACK_INVARIANT', 'query_capability');
  });
});

describe('the envelope', () => {
  it('is a message, or PACK_ENVELOPE', async () => {
    await expectError(Buffer.from('no pack at all'), 'PACK_ENVELOPE', 'the file');
    await expectError(pack.subarray(0, pack.length - 1), 'PACK_ENVELOPE', 'the file');
    // a length that exceeds the remaining bytes
    await expectError(Buffer.from('0affffffff0f', 'hex'), 'PACK_ENVELOPE', 'the file');
    // a text that is not UTF-8
    await expectError(Buffer.from('0a02c328', 'hex'), 'PACK_ENVELOPE', 'the file', undefined, 'no UTF-8 at byte 1');
    await expectError(Buffer.alloc(4000, Buffer.from('4200', 'hex')), 'PACK_ENVELOPE', 'the file');
  });

  it('is not an empty file', async () => {
    await expectError(new Uint8Array(), 'PACK_ENVELOPE', 'the file', 'a MappingPackEnvelope', 'an empty file');
  });

  it('may have unknown fields alone, but then it is of no version', async () => {
    await expectError(Buffer.from('f83f01', 'hex'), 'PACK_HEADER_MISMATCH', 'pack_format_version', '1, 2 or 3', 0);
  });

  it.each<[string, Partial<PackMessage<'MappingPackEnvelope'>>, string | number, string | number]>([
    ['pack_format_version', { packFormatVersion: 2 }, 1, 2],
    ['pack_format_version', { packFormatVersion: 4 }, '1, 2 or 3', 4],
    ['pack_format_version', { relationalMappingVersion: 'v2', generation: 'v2-natural' }, 3, 1],
    ['generation', { generation: 'v1' }, 'none', 'v1'],
    ['effective_schema_hash', { effectiveSchemaHash: 'AB'.repeat(32) }, '64 lower-case hex digits', 'AB'.repeat(32)],
    ['effective_schema_hash', { effectiveSchemaHash: '' }, '64 lower-case hex digits', ''],
    ['dialect', { dialect: 0 }, 'pgsql or mssql', 0],
    ['dialect', { dialect: 7 }, 'pgsql or mssql', 7],
    ['compression_algorithm', { compressionAlgorithm: 0 }, 'ZSTD', 0],
  ])('says a %s that can be: %j', async (field, changes, expected, found) => {
    const bytes = await seal(parts.payloadBytes, parts.envelope, changes);
    await expectError(bytes, 'PACK_HEADER_MISMATCH', field, expected, found);
  });

  it.each(['v9', ''])('says a mapping version that is known, not "%s"', async (version) => {
    const bytes = await seal(parts.payloadBytes, parts.envelope, { relationalMappingVersion: version });
    const [failure] = (await errorOf(bytes)).diagnostics;
    expect(failure).toMatchObject({ code: 'MAPPING_VERSION_UNKNOWN', details: { version, known: ['v1', 'v2'] } });
  });

  it('is of the key that was asked for, the version first', async () => {
    const { effectiveSchemaHash } = everyKind.effectiveSchema;
    const asked = async (expected: Parameters<typeof readPack>[2]) => (await errorOf(pack, expected)).diagnostics[0];
    const other = 'f'.repeat(64);
    const otherVersion = 'v0' as MappingVersion;
    expect(await asked({ expected: { effectiveSchemaHash: other, dialect: 'mssql' } })).toMatchObject({
      code: 'PACK_HEADER_MISMATCH',
      details: { what: 'effective_schema_hash', expected: other, found: effectiveSchemaHash },
    });
    expect(
      await asked({ expected: { effectiveSchemaHash, dialect: 'mssql', relationalMappingVersion: otherVersion } }),
    ).toMatchObject({
      code: 'PACK_HEADER_MISMATCH',
      details: { what: 'dialect', expected: 'mssql', found: 'pgsql' },
    });
    expect(
      await asked({ expected: { effectiveSchemaHash, dialect: 'pgsql', relationalMappingVersion: otherVersion } }),
    ).toMatchObject({
      code: 'PACK_HEADER_MISMATCH',
      details: { what: 'relational_mapping_version', expected: 'v0', found: 'v1' },
    });
  });

  it('names the generation, if two have one schema hash', async () => {
    const packs = await Promise.all(
      laterVersions.map(
        async (version) => [version, await packOf(secondModelOf(everything, 'pgsql', version))] as const,
      ),
    );
    for (const [found, bytes] of packs)
      for (const expected of laterVersions) {
        if (expected === found) await readPack(bytes, 'a.mpack', { expected: { relationalMappingVersion: expected } });
        else
          expect(
            (await errorOf(bytes, { expected: { relationalMappingVersion: expected } })).diagnostics,
          ).toMatchObject([{ code: 'PACK_HEADER_MISMATCH', details: { what: 'generation', expected, found } }]);
      }
    const foreign = await seal(parts.payloadBytes, parts.envelope, { generation: 'v2-natural' });
    expect((await errorOf(foreign)).code).toBe('MAPPING_VERSION_UNKNOWN');
  });

  it('says a length from 1 to the limit', async () => {
    const length = async (zstdUncompressedPayloadLength: number, found = zstdUncompressedPayloadLength) => {
      const bytes = await seal(parts.payloadBytes, parts.envelope, { zstdUncompressedPayloadLength });
      const { maximumPayloadLength } = packLimits;
      await expectError(
        bytes,
        'PACK_PAYLOAD_LENGTH',
        'zstd_uncompressed_payload_length',
        `1 to ${maximumPayloadLength}`,
        found,
      );
    };
    await length(0);
    await length(packLimits.maximumPayloadLength + 1);
    await length(Number.MAX_SAFE_INTEGER);
    const limits = { maximumPayloadLength: parts.payloadBytes.length - 1 };
    expect((await errorOf(pack, { limits })).code).toBe('PACK_PAYLOAD_LENGTH');
    const { payloadLength } = await readPack(pack, 'a.mpack', {
      limits: { maximumPayloadLength: parts.payloadBytes.length },
    });
    expect(payloadLength).toBe(parts.payloadBytes.length);
  });

  it('and a file that is longer than any pack is not read', () => {
    // the payload, 1/128 of it for incompressible data, and 64 KiB for the rest of the envelope
    const limits = { ...packLimits, maximumPayloadLength: 128_000 };
    const longest = 128_000 + 1000 + 65_536;
    expect(() => checkPackLength('a.mpack', longest, limits)).not.toThrow();
    expect(() => checkPackLength('a.mpack', longest + 1, limits)).toThrow('PACK_PAYLOAD_LENGTH');
    expect(() => checkPackLength('a.mpack', packLimits.maximumPayloadLength)).not.toThrow();
    expect(() => checkPackLength('a.mpack', 2 * packLimits.maximumPayloadLength)).toThrow('PACK_PAYLOAD_LENGTH');
  });
});

describe('the compressed payload is one frame of the length that is declared, or PACK_DECOMPRESS:', () => {
  const expectBroken = async (changes: Partial<PackMessage<'MappingPackEnvelope'>>, found?: string) => {
    const bytes = await seal(parts.payloadBytes, parts.envelope, changes);
    await expectError(bytes, 'PACK_DECOMPRESS', 'payload_zstd', undefined, found);
  };

  it('nothing, or no frame', async () => {
    await expectBroken({ payloadZstd: new Uint8Array() }, 'it is not a Zstandard frame');
    await expectBroken({ payloadZstd: Buffer.from('no frame at all') }, 'it is not a Zstandard frame');
    // a skippable frame
    await expectBroken({ payloadZstd: Buffer.from('502a4d1804000000deadbeef', 'hex') }, 'it is not a Zstandard frame');
    await expectBroken({ payloadZstd: Buffer.from('28b52ffda001', 'hex') }, 'the frame ends in its header');
  });

  it('a truncated frame', async () => {
    const frame = await compress(parts.payloadBytes);
    for (const length of [6, 20, frame.length >> 1, frame.length - 1]) {
      await expectBroken({ payloadZstd: frame.slice(0, length) });
    }
  });

  it('more or fewer bytes than declared', async () => {
    const { length } = parts.payloadBytes;
    await expectBroken({ zstdUncompressedPayloadLength: length + 1 }, `the frame says ${length} bytes`);
    await expectBroken({ zstdUncompressedPayloadLength: length - 1 }, `the frame says ${length} bytes`);
    await expectBroken({ zstdUncompressedPayloadLength: 1 }, `the frame says ${length} bytes`);
  });

  it('a second frame behind the first', async () => {
    const frame = await compress(parts.payloadBytes);
    await expectBroken({ payloadZstd: Buffer.concat([frame, frame]) });
  });

  it('a frame that says another size than its content has, or more than memory holds', async () => {
    const frame = Buffer.from(await compress(parts.payloadBytes));
    const descriptor = frame[4] ?? 0;
    // the size has two bytes after the descriptor, as for every payload of this length
    expect(descriptor >> 5).toBe(0b011);
    const changed = Buffer.from(frame);
    changed.writeUInt16LE(frame.readUInt16LE(5) + 1, 5);
    await expectBroken({ payloadZstd: changed, zstdUncompressedPayloadLength: parts.payloadBytes.length + 1 });
    const large = Buffer.concat([
      frame.subarray(0, 4),
      Buffer.from([descriptor | 0xc0]),
      Buffer.alloc(8, 0xff),
      frame.subarray(7),
    ]);
    await expectBroken({ payloadZstd: large }, 'the frame says 18446744073709551615 bytes');
  });

  it('a bomb: the room is that which was declared', async () => {
    const bomb = await compress(Buffer.alloc(8 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(1000);
    await expectBroken({ payloadZstd: bomb }, 'the frame says 8388608 bytes');
  });

  it('but a frame that says no size is read', async () => {
    const frame = Buffer.from(await compress(parts.payloadBytes));
    // no single segment and no size: a window descriptor of 8 MiB instead
    const unsized = Buffer.concat([frame.subarray(0, 4), Buffer.from([0, 13 << 3]), frame.subarray(7)]);
    const read = await readPack(await seal(parts.payloadBytes, parts.envelope, { payloadZstd: unsized }), 'a.mpack');
    expect(read.payloadLength).toBe(parts.payloadBytes.length);
    await expectBroken({ payloadZstd: unsized, zstdUncompressedPayloadLength: parts.payloadBytes.length - 1 });
    await expectBroken({ payloadZstd: unsized, zstdUncompressedPayloadLength: parts.payloadBytes.length + 1 });
  });
});

it('the hash of the payload is that which is said, in 32 bytes', async () => {
  const due = Buffer.from(sha256(parts.payloadBytes)).toString('hex');
  const changed = Buffer.from(sha256(parts.payloadBytes));
  changed[31] = (changed[31] ?? 0) ^ 1;
  for (const payloadSha256 of [new Uint8Array(), changed, changed.subarray(0, 31), Buffer.alloc(33)]) {
    const bytes = await seal(parts.payloadBytes, parts.envelope, { payloadSha256 });
    const found = Buffer.from(payloadSha256).toString('hex') || 'none';
    await expectError(bytes, 'PACK_PAYLOAD_HASH', 'payload_sha256', due, found);
  }
});

describe('the payload is a message, or PACK_PAYLOAD:', () => {
  it.each([
    ['a length that says more than there is', '0a7f31'],
    ['a text that is not UTF-8', '0a02c328'],
    ['a tag of field 0', '0001'],
    ['a number that does not end', '50ffffffffffffffffffff01'],
    ['a group that does not end', '0b'],
  ])('%s', async (_, hex) => {
    await expectError(await seal(Buffer.from(hex, 'hex'), parts.envelope), 'PACK_PAYLOAD', 'the payload');
  });

  it('more fields than the limit', async () => {
    const bytes = await seal(Buffer.alloc(3000, Buffer.from('a20100', 'hex')), parts.envelope);
    const refusal = await errorOf(bytes, { limits: { maximumFields: 999 } });
    expect(refusal.diagnostics[0]).toMatchObject({ code: 'PACK_PAYLOAD', details: { found: 'more than 999 fields' } });
    expect((await errorOf(bytes, { limits: { maximumFields: 1000 } })).code).toBe('PACK_INVARIANT');
  });
});

it('fields of a later version are passed over', async () => {
  // field 900, a text, in payload and resource
  const unknown = Buffer.from('a2380161', 'hex');
  const read = await readPack(await seal(Buffer.concat([parts.payloadBytes, unknown]), parts.envelope), 'a.mpack');
  expect(read.mappingSet.model.resources.length).toBe(everyKind.resources.length);
});
