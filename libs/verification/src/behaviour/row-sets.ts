import { compareOrdinal } from '@dms/files';
import type { Failures } from './failures.ts';

/** Texts that one side has and the other does not. */
interface SetDifference {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

function setDifference(expected: Iterable<string>, found: Iterable<string>): SetDifference {
  const wanted = new Set(expected);
  const was = new Set(found);
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...one].filter((entry) => !other.has(entry)).sort(compareOrdinal);
  return { missing: only(wanted, was), extra: only(was, wanted) };
}

const shownEntries = 5;

function listText(entries: readonly string[]): string {
  if (entries.length === 0) return 'none';
  const more = entries.length > shownEntries ? ` and ${entries.length - shownEntries} more` : '';
  return `${entries.slice(0, shownEntries).join('; ')}${more}`;
}

/** Fails unless both sides have the same rows, and says which rows only one side has. */
export function compareRows(
  failures: Failures,
  check: string,
  object: string,
  expected: Iterable<string>,
  found: Iterable<string>,
  because = '',
): void {
  const { missing, extra } = setDifference(expected, found);
  if (missing.length === 0 && extra.length === 0) return;
  const after = because === '' ? '' : ` after ${because}`;
  failures.add(check, `${object}${after}`, `rows ${listText(missing)}`, `rows ${listText(extra)}`);
}
