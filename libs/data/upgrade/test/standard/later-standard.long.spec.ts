import { hasSharedData, once, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { compiled } from '../bench.ts';

/* The plan from 5.2 with TPDM to 6.1, where TPDM is in the core. */

interface KnownMove {
  readonly from: string;
  readonly to: readonly string[];
}

const inputs = (...files: readonly string[]) => compiled(files.map((file) => readSharedJson('inputs', file)));
const later = once(() => inputs('ds-6.1-core.json'));
const place = (name: string) => name.replace(/\[\*\]$/, '');

describe.runIf(hasSharedData)('from 5.2 to 6.1 (needs the shared conformance data)', () => {
  it('proposes moves that are all right, and no rename', () => {
    const before = inputs('ds-5.2-core.later.json', 'tpdm-1.1-extension.later.json');
    const { moves, candidates } = planUpgrade(before, later());
    const known: { readonly moves: readonly KnownMove[] } = readSharedJson('inputs', '5.2-to-6.1', 'moves.json');
    const targets = new Map(known.moves.map(({ from, to }) => [place(from), to.map(place)]));
    const isRight = ({ before: from, after: to }: (typeof moves)[number]) =>
      targets.get(place(from))?.includes(place(to));
    expect(moves.filter((move) => !isRight(move))).toEqual([]);
    expect(moves.filter(({ before: from }) => from.startsWith('TPDM:'))).toHaveLength(32);
    expect(moves).toHaveLength(41);
    expect(candidates).toEqual([]);
  });

  it('checks no length of descriptors', () => {
    const before = inputs('ds-5.2-core.json', 'tpdm-1.1-extension.json');
    const { items } = planUpgrade(before, later());
    const lengths = items.filter(({ change }) => change === 'length narrower').map(({ path }) => path.join('.'));
    expect(lengths.length).toBeGreaterThan(0);
    expect(lengths.filter((each) => each.endsWith('Descriptor'))).toEqual([]);
  });
});
