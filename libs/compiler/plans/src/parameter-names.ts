import { fail } from '@dms/diagnostics';
import { type PlainSql, trusted } from '@dms/sql';

const barePattern = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const largestSuffix = 2147483647;

const isAscii = /^[\0-\x7f]*$/;

/** The form of a name for comparison without case, which considers only ASCII letters. */
export function foldedName(name: string): string {
  // other letters may have a lower-case form too
  return isAscii.test(name) ? name.toLowerCase() : name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Whether SQL clients accept `@name` as a parameter. */
export function isParameterName(name: string): boolean {
  return barePattern.test(name);
}

/** `@name`; a name that SQL clients would reject is `PLAN_PARAM_INVALID` (design 08 §4). */
export function parameter(name: string): PlainSql {
  if (!isParameterName(name)) {
    fail(
      'PLAN_PARAM_INVALID',
      `The parameter name "${name}" must match ${barePattern.source}.`,
      {},
      { name, pattern: barePattern.source },
    );
  }
  return trusted(`@${name}`);
}

/** Lower-cases the first letter only. */
export function parameterBaseName(column: string): string {
  const [first = ''] = column;
  return /^\p{Lu}/u.test(first) ? first.toLowerCase() + column.slice(first.length) : column;
}

/** ASCII letters and digits; runs of anything else become one `_` (design 08 §5.2). */
export function sanitizeParameterName(name: string): string {
  const sanitized = name.replace(/[^A-Za-z0-9]+/g, '_');
  if (sanitized === '') return 'p';
  return /^[0-9]/.test(sanitized) ? `_${sanitized}` : sanitized;
}

/** `a_12` → base `a`, suffix 12; undefined if there is no numeric suffix. */
function numericSuffix(name: string): { base: string; suffix: number } | undefined {
  const match = /^(.+)_([0-9]+)$/s.exec(name);
  const suffix = Number(match?.[2]);
  return match?.[1] !== undefined && suffix >= 1 && suffix <= largestSuffix ? { base: match[1], suffix } : undefined;
}

/** Makes names distinct by numeric suffixes, in order, ignoring case (design 08 §5.3). */
export function deduplicateNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  const next = new Map<string, number>();
  const raise = (base: string, value: number) => next.set(base, Math.max(next.get(base) ?? 0, value));
  const noteSuffix = (name: string) => {
    const numbered = numericSuffix(name);
    if (numbered) raise(foldedName(numbered.base), numbered.suffix + 1);
  };
  return names.map((name, index) => {
    if (name.trim() === '') {
      fail(
        'PLAN_PARAM_INVALID',
        `The parameter name at index ${index} is empty; it must match ${barePattern.source}.`,
        {},
        { index, pattern: barePattern.source },
      );
    }
    noteSuffix(name);
    const own = foldedName(name);
    if (!used.has(own)) {
      used.add(own);
      return name;
    }
    const base = numericSuffix(name)?.base ?? name;
    let suffix = next.get(foldedName(base)) ?? 2;
    while (used.has(foldedName(`${base}_${suffix}`))) suffix += 1;
    const distinct = `${base}_${suffix}`;
    used.add(foldedName(distinct));
    next.set(foldedName(base), suffix + 1);
    noteSuffix(distinct);
    return distinct;
  });
}

/** One bare parameter name per bound column, in binding order (design 08 §5). */
export function parameterNames(columns: readonly string[]): string[] {
  return deduplicateNames(columns.map((column) => sanitizeParameterName(parameterBaseName(column))));
}
