import { diagnosticOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { scriptWith } from '../test/emitted.ts';
import { widgets } from '../test/widgets.ts';

describe('seed values (design 06 §6.0)', () => {
  const set = widgets().pgsql;
  const { info } = widgets().set;
  const text = {
    version: 'dms.EffectiveSchema.ApiSchemaFormatVersion must not be empty.',
    hash: 'dms.EffectiveSchema.EffectiveSchemaHash must be 64 lowercase hex characters.',
    negative: (count: number) => `dms.EffectiveSchema.ResourceKeyCount must be non-negative, but found ${count}.`,
    tooMany: (count: number) =>
      `dms.EffectiveSchema.ResourceKeyCount must be less than or equal to 32767, but found ${count}.`,
    seed: (length: number) => `dms.EffectiveSchema.ResourceKeySeedHash must be exactly 32 bytes, but found ${length}.`,
  };
  const fault = (change: Parameters<typeof scriptWith>[1]) => diagnosticOf(() => scriptWith(set, change));

  it.each([
    [{ effectiveSchemaHash: 'a'.repeat(63) }, text.hash],
    [{ effectiveSchemaHash: `A${'a'.repeat(63)}` }, text.hash],
    [{ effectiveSchemaHash: `${'a'.repeat(64)}\n` }, text.hash],
    [{ resourceKeyCount: -1 }, text.negative(-1)],
    [{ resourceKeyCount: 32768 }, text.tooMany(32768)],
    [{ resourceKeySeedHash: new Uint8Array(31) }, text.seed(31)],
    [{ resourceKeySeedHash: new Uint8Array(33) }, text.seed(33)],
    [{ apiSchemaFormatVersion: '' }, text.version],
    [{ apiSchemaFormatVersion: '  ' }, text.version],
  ])('%j', (change, issue) => {
    const { code, message } = fault(change);
    expect(code).toBe('DDL_SEED_METADATA_INVALID');
    expect(message).toContain('dms.EffectiveSchema');
    expect(message).toContain(issue);
  });

  it('lists several issues in order, joined by semicolons', () => {
    const { message } = fault({
      apiSchemaFormatVersion: '\t',
      effectiveSchemaHash: 'x',
      resourceKeyCount: -5,
      resourceKeySeedHash: new Uint8Array(1),
    });
    const positions = [text.version, text.hash, text.negative(-5), text.seed(1)].map((issue) => message.indexOf(issue));
    expect(positions.every((position) => position > 0)).toBe(true);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(message.split('; ')).toHaveLength(4);
  });

  it('counts the keys of the list as well', () => {
    const [key] = info.resourceKeys;
    const { message } = fault({
      resourceKeys: Array.from({ length: 32768 }, (_, index) => ({ ...key!, id: index + 1 })),
    });
    expect(message).toContain(text.tooMany(32768));
  });

  it.each(['', '  ', '\n'])('a missing hash %j is an error of its own', (effectiveSchemaHash) => {
    expect(fault({ effectiveSchemaHash }).code).toBe('DDL_EMPTY_SCHEMA_HASH');
  });
});
