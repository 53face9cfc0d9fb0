import { everything, modelOf } from '@dms/testing';
import { expect, it } from 'vitest';
import { errorOf, packOf, seal, takeApart } from '../test/pack-parts.ts';
import { packLimits } from './index.ts';

/** A field that holds bytes: tag, length, content. */
function field(number: number, content: Buffer): Buffer {
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(content.length)]), content]);
}

const repeat = (hex: string, bytes: number) => Buffer.alloc(bytes, Buffer.from(hex, 'hex'));

/** Payloads up to the limits, of the elements that need most memory per byte. */
const { maximumFields, maximumPathCharacters } = packLimits;
const inModel = (content: Buffer) => field(20, field(20, content));

const hostile: readonly (readonly [string, () => Buffer, string])[] = [
  ['more empty resources than the limit', () => repeat('a20100', 3 * (maximumFields + 1)), 'PACK_PAYLOAD'],
  ['as many empty resources as the limit', () => repeat('a20100', 3 * maximumFields), 'PACK_INVARIANT'],
  [
    'one long path',
    () => inModel(field(13, field(2, Buffer.from(`$${'.a'.repeat(maximumPathCharacters)}`)))),
    'PACK_INVARIANT',
  ],
  [
    // resources, write plan, table plans, merge plan, and then one byte per number
    'a list of more numbers than the limit',
    () => field(20, field(21, field(1, field(14, field(16, repeat('01', maximumFields + 1)))))),
    'PACK_PAYLOAD',
  ],
];

it.each(hostile)('memory and time are bounded: %s', async (_, payload, code) => {
  const { envelope } = await takeApart(await packOf(modelOf(everything, 'pgsql')));
  const pack = await seal(payload(), envelope);
  expect(pack.length).toBeLessThan(20_000);
  const before = process.memoryUsage().rss;
  const start = process.cpuUsage();
  expect((await errorOf(pack)).code).toBe(code);
  const { user, system } = process.cpuUsage(start);
  // far below the possible size of the payload without a limit, far above the actual size
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(1024);
  expect((user + system) / 1e6).toBeLessThan(30);
});
