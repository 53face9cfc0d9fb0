import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectTruth } from '../cut-run.ts';
import { WritingCommands } from '../writing-commands.ts';

/*
 * What a command says that a failure ends is what its database shows; ended-early.long.spec.ts tries all commands
 * (design 09 §1.7.2).
 */

describe.each(['v1', 'v2'] as const)('a command on a database of %s that ends early', (version) => {
  const commands = new WritingCommands(version);
  beforeAll(() => commands.prepare(), 120_000);
  afterAll(() => commands.drop());

  it.each([
    ['a load, before and after it has committed', () => commands.load(), [0, 2]],
    ['a preparation', () => commands.prepareUpgrade(), [0, 1]],
    ['an upgrade', () => commands.apply(), [0]],
  ] as const)('says what it has done: %s', { timeout: 60_000 }, async (_name, made, places) => {
    for (const after of places) expect(await expectTruth(made(), { kind: 'signal', after })).toBe(true);
  });
});
