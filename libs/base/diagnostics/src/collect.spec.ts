import { describe, expect, it } from 'vitest';
import { append, DiagnosticCollector, DmsError, diagnostic, fail, forEachReported } from './index.ts';

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('forEachReported', () => {
  it('runs the check for every item, in order, also after one has failed', () => {
    const seen: string[] = [];
    const run = () =>
      forEachReported(['a', 'b', 'c'], (item) => {
        seen.push(item);
        if (item === 'a') fail('INPUT_JSON_INVALID', item);
      });
    expect(run).toThrow(DmsError);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('throws the diagnostics of all failed items together, in item order', () => {
    const error = thrownBy(() =>
      forEachReported([3, 1, 2], (item) => {
        if (item === 1) return;
        throw new DmsError([
          diagnostic('INPUT_JSON_INVALID', `first of ${item}`),
          diagnostic('INPUT_VALUE_UNSAFE', `second of ${item}`),
        ]);
      }),
    );
    expect((error as DmsError).diagnostics.map(({ message }) => message)).toEqual([
      'first of 3',
      'second of 3',
      'first of 2',
      'second of 2',
    ]);
  });

  it('throws nothing when every check passes', () => {
    expect(() => forEachReported(new Set([1, 2]), () => undefined)).not.toThrow();
  });

  it('throws nothing for no items', () => {
    expect(() => forEachReported([], () => fail('INPUT_NO_FILES', 'never'))).not.toThrow();
  });

  it('lets a bug pass through at once, even after a mistake was found', () => {
    const bug = new TypeError('a bug');
    const seen: number[] = [];
    const error = thrownBy(() =>
      forEachReported([1, 2, 3], (item) => {
        seen.push(item);
        if (item === 1) fail('INPUT_JSON_INVALID', 'a mistake');
        if (item === 2) throw bug;
      }),
    );
    expect(error).toBe(bug);
    expect(seen).toEqual([1, 2]);
  });
});

describe('ExpectedDiagnostics', () => {
  const mistake = (text: string) => fail('INPUT_JSON_INVALID', text);

  it('keep the mistakes of all work, and the results of the work without one', () => {
    const faults = new DiagnosticCollector();
    expect(faults.attempt(() => 1)).toBe(1);
    expect(faults.attempt(() => mistake('a'))).toBeUndefined();
    faults.forEach(['b', 'c'], mistake);
    expect(faults.found.map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });

  it('let a bug pass through, unless the work may lack what an earlier mistake left out', () => {
    const bug = () => {
      throw new TypeError('a bug');
    };
    const faults = new DiagnosticCollector();
    expect(() => faults.attempt(bug)).toThrow(TypeError);
    faults.attempt(() => mistake('a'));
    expect(faults.attempt(bug)).toBeUndefined();
    expect(new DiagnosticCollector(faults.found).attempt(bug)).toBeUndefined();
    expect(faults.found).toHaveLength(1);
  });
});

it('append adds more items than a function can have arguments', () => {
  const list = [0];
  append(list, new Array<number>(1_000_000).fill(1));
  expect(list).toHaveLength(1_000_001);
});
