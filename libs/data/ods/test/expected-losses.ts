import type { Loss } from '../src/index.ts';
import { type Documents, unorderedTexts, visitedMembers } from './copied-ods.ts';

const remove = (holder: Record<string, unknown>, name: string) => {
  delete holder[name];
};

/** Rounds like a column of two decimal places: half a cent away from zero. */
function roundMoney(holder: Record<string, unknown>, name: string): void {
  const [, sign = '', whole = '', fraction = ''] = /^#(-?)(\d+)(?:\.(\d+))?$/.exec(String(holder[name])) ?? [];
  const digits = fraction.padEnd(4, '0');
  const cents = (BigInt(whole + digits.slice(0, 2)) + (digits.charAt(2) >= '5' ? 1n : 0n)).toString().padStart(3, '0');
  const places = cents.slice(-2).replace(/0+$/, '');
  const text = places === '' ? cents.slice(0, -2) : `${cents.slice(0, -2)}.${places}`;
  holder[name] = `#${text === '0' ? '' : sign}${text}`;
}

/** Wrong counts of losses, and documents that differ in something else (design 19a §6). Changes the documents. */
export function unexplained(dumped: Documents, found: Documents, losses: readonly Loss[]): readonly string[] {
  const problems: string[] = [];
  const paths = new Set(losses.map(({ path }) => path));
  for (const path of paths) {
    const countOf = (code: Loss['code']) =>
      losses.filter((loss) => loss.code === code && loss.path === path).reduce((sum, { count }) => sum + count, 0);
    const before = visitedMembers(dumped, path);
    const after = visitedMembers(found, path);
    const expect = (isTrue: boolean, text: string) => {
      if (!isTrue) problems.push(`${path}: ${text}, ${before} before, ${after} after`);
    };
    const money = countOf('ODS_MONEY_ROUNDED');
    const implied = countOf('ODS_REFERENCE_IMPLIED');
    const collided = countOf('ODS_NAME_COLLISION');
    if (money > 0) {
      expect(money === after, `${money} amounts`);
      visitedMembers(dumped, path, roundMoney);
    }
    // some of the possible additions were there before
    if (implied > 0) expect(after - before <= implied && implied <= after, `${implied} implied`);
    if (collided > 0) expect(before - after === collided, `${collided} left out`);
    if (implied + collided > 0) for (const documents of [dumped, found]) visitedMembers(documents, path, remove);
  }
  const before = unorderedTexts(dumped);
  const after = unorderedTexts(found);
  for (const file of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const known = new Set(before[file]);
    const other = (after[file] ?? []).filter((text) => !known.has(text));
    const lengths = `${before[file]?.length ?? 0} documents before, ${after[file]?.length ?? 0} after`;
    if (other.length > 0 || before[file]?.length !== after[file]?.length) {
      const gone = (before[file] ?? []).filter((text) => !new Set(after[file]).has(text));
      problems.push(`${file}: ${lengths}; ${other.slice(0, 2).join('\n')} instead of ${gone.slice(0, 2).join('\n')}`);
    }
  }
  return problems;
}
