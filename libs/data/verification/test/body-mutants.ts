/*
 * Single changes of the bodies of functions and views, found by the structure of their statements: conditions,
 * comparisons, lists, arms, values. No change contains a name of an object of a schema set.
 */

/** A changed text, with its change. */
export interface TextMutant {
  /** The kind of change. */
  readonly kind: string;
  /** The first changed line, before and after. */
  readonly what: string;
  readonly text: string;
}

interface TextEdit {
  readonly at: number;
  readonly length: number;
  readonly to: string;
}

type MutationRule = readonly [
  kind: string,
  pattern: RegExp,
  ...results: readonly ((match: RegExpExecArray) => string)[],
];

const remove = () => '';
const version = /pg_catalog\.nextval\('[^']+'\)/g;
const time = /\bpg_catalog\.(?:now|statement_timestamp)\(\)/g;
/** Matches an operator in a condition, not in an assignment. */
const operatorOfCondition = (operator: string) =>
  new RegExp(`(\\b(?:IF|ELSIF|WHERE|AND|OR|ON|EXISTS)\\b[^\\n]*? )${operator}(?= )`, 'g');

const rules: readonly MutationRule[] = [
  ['a condition is true', /\b(ELSIF|IF) (?!NOT FOUND)[^;]+? THEN\n/g, ([, word]) => `${word} true THEN\n`],
  ['a condition is false', /\b(ELSIF|IF) [^;]+? THEN\n/g, ([, word]) => `${word} false THEN\n`],
  ['a part of a condition is missing', /\n +(?:AND|OR) [^\n]*?(?=\)? THEN\n|;\n|\n)/g, remove],
  ['the first part of a condition is missing', /\b(IF|WHERE|ON) [^\n]+\n +(?:AND|OR) /g, ([, word]) => `${word} `],
  ['new instead of old', /\bOLD\./g, () => 'NEW.'],
  ['old instead of new', /\bNEW\.(?!"\w+" :=)/g, () => 'OLD.'],
  [
    'new rows instead of old ones',
    /\b(?:oldtab|old_rows)\b/g,
    (match) => (match[0] === 'oldtab' ? 'newtab' : 'new_rows'),
  ],
  [
    'old rows instead of new ones',
    /\b(?:newtab|new_rows)\b/g,
    (match) => (match[0] === 'newtab' ? 'oldtab' : 'old_rows'),
  ],
  [
    'the least instead of the greatest, or the reverse',
    /\b(?:min|max)\(/g,
    ([found]) => (found === 'min(' ? 'max(' : 'min('),
  ],
  ['another element', /\[(?:1|pg_catalog\.cardinality\(\w+\))\]/g, ([found]) => (found === '[1]' ? '[2]' : '[1]')],
  [
    'one of several rows',
    /= ANY \((\w+)\)/g,
    ([, list]) => `= ${list}[1]`,
    ([, list]) => `= ${list}[2]`,
    ([, list]) => `= ${list}[pg_catalog.cardinality(${list})]`,
  ],
  [
    'one of several rows',
    /\bunnest\((\w+)\)/g,
    ([, list]) => `unnest(${list}[1:1])`,
    ([, list]) => `unnest(${list}[2:])`,
  ],
  ['one of several rows', /\n( +)(?=FOR NO KEY UPDATE)/g, ([, indent]) => `\n${indent}LIMIT 1\n${indent}`],
  [
    'one of several rows',
    /SELECT [^\n;]+ FROM (?:old|new)(?:tab|_rows) AS \w(?=\n +\))/g,
    ([found]) => `${found} LIMIT 1`,
  ],
  ['one of several rows', /\) AS c(?=\n +\);|\n +ORDER BY 1\n)/g, () => ') AS c WHERE c."DocumentId" IS NULL'],
  ['one version for several rows', /pg_catalog\.nextval\('[^']+'\)(?=[^;]*= ANY)/g, ([found]) => `(SELECT ${found})`],
  [
    'a version',
    version,
    ([found]) => found.replace('nextval', 'currval'),
    ([found]) => `${found} - 1`,
    ([found]) => `${found} + 1`,
  ],
  [
    'a time',
    time,
    ([found]) => `${found} - interval '1 day'`,
    ([found]) => `${found} + interval '1 day'`,
    () => 'clock_timestamp()',
  ],
  ['another time', time, ([found]) => `pg_catalog.${found.endsWith('.now()') ? 'statement_timestamp' : 'now'}()`],
  [
    'one resource of a set',
    /\bn\."ResourceKeyId"(?=,?\n)/g,
    () => '(SELECT min(x."ResourceKeyId") FROM new_rows AS x)',
  ],
  ['another comparison', operatorOfCondition('='), ([, before]) => `${before}<>`],
  [
    'another comparison',
    operatorOfCondition('<>'),
    ([, before]) => `${before}=`,
    ([, before]) => `${before}<`,
    ([, before]) => `${before}>`,
  ],
  ['another comparison', operatorOfCondition('>'), ([, before]) => `${before}>=`],
  ['another comparison', operatorOfCondition('<'), ([, before]) => `${before}<=`],
  ['another number', /(?<!SELECT )(?<!ORDER BY )(?<=[ (])\d+(?=[\n );,])/g, ([found]) => String(Number(found) + 1)],
  ['another text', /'(?!\w{8}-)([^'\n]+)'(?!\))/g, ([, text]) => `'${text}x'`],
  [
    'another case',
    /\bpg_catalog\.lower\(([^()]+)\)/g,
    ([, text]) => `upper(${text})`,
    ([, text]) => `lower(${text} COLLATE "C")`,
    ([, text]) => `${text}`,
  ],
  ['a part of a text is missing', /\n +\|\| [^\n]+/g, remove],
  ['an assignment is missing', /,\n +"\w+" = [^\n]+?(?=[,;]?\n)/g, remove],
  ['an assignment is missing', /SET "\w+" = [^\n]+,\n +/g, () => 'SET '],
  [
    'two values are swapped',
    /(?<=\n +)([^\s,;()]+)(,\n +)([^\s,;()]+)(?=,?\n)/g,
    ([, left, between, right]) => `${right}${between}${left}`,
  ],
  ['a conflict', /\n +ON CONFLICT DO NOTHING/g, remove],
  ['a conflict', /ON CONFLICT (?:\([^)]+\) )?DO UPDATE\n[^;]+(?=;)/g, () => 'ON CONFLICT DO NOTHING'],
  ['an order is missing', /\n +ORDER BY [^\n]+/g, remove],
  ['a lock is missing', /\n +FOR NO KEY UPDATE/g, remove],
  ['rows repeat or not', /\bUNION ALL\b/g, () => 'UNION'],
  ['rows repeat or not', /\bUNION\b(?! ALL)/g, () => 'UNION ALL'],
  ['rows repeat or not', /\bEXCEPT ALL\b/g, () => 'EXCEPT'],
  ['rows repeat or not', /\bSELECT DISTINCT\b/g, () => 'SELECT'],
  ['a join joins all', /\bON \S+ = \S+?(?=;|\n|$)/g, () => 'ON true'],
  ['another hash', /'sha1'/g, () => "'sha256'"],
  ['another year', /'YYYY-/g, () => "'IYYY-"],
];

/** Limits to the first rows of a statement: fewer rows than a trial moves, and more than any page or batch. */
const limits = [1, 2, 5, 100] as const;

/** A body of a statement that takes only the first of many changed rows. */
const rulesOfStatements: readonly MutationRule[] = limits.flatMap((count): readonly MutationRule[] => {
  const kind = `only the first ${count} of many rows`;
  return [
    [
      kind,
      /\b(FROM|JOIN) (old_rows|new_rows|oldtab|newtab) AS (?=\w)/g,
      ([, word, rows]) => `${word} (SELECT * FROM ${rows} LIMIT ${count}) AS `,
    ],
    [kind, /(?<== ANY \(|\bunnest\()(\w+)(?=\))/g, ([, list]) => `${list}[1:${count}]`],
    [kind, /\b(\w+) := ARRAY\(\n[^;]*;/g, ([found, list]) => `${found} ${list} := ${list}[1:${count}];`],
    [kind, /(?<=\n( +)ORDER BY 1)(?=\n)/g, ([, indent]) => `\n${indent}LIMIT ${count}`],
  ];
});

/** The result of a body that runs before its row is written decides whether the row is written. */
const rulesOfRows: readonly MutationRule[] = [
  ['another result', /\bRETURN NEW;/g, () => 'RETURN NULL;', () => 'RETURN OLD;'],
  ['another result', /\bRETURN OLD;/g, () => 'RETURN NULL;'],
];

/**
 * Whether a place in a text can use either the old or the new value of a column, because both are the same: after a
 * condition that compares them, in the lines that depend on it.
 */
function sameValues(text: string): (at: number) => boolean {
  const lines = text.split('\n');
  const starts: number[] = [];
  let length = 0;
  for (const line of lines) {
    starts.push(length);
    length += line.length + 1;
  }
  const found = new Set<number>();
  for (const { 0: condition, 1: indent = '', index } of text.matchAll(/^( *)IF [^;]*? THEN$/gm)) {
    if (/\bOR\b|\bNOT \(/.test(condition)) continue;
    const same = new Set(
      [...condition.matchAll(/\bOLD\.("\w+") IS NOT DISTINCT FROM NEW\.\1|\bNEW\.("\w+") = OLD\.\2/g)].map(
        ([, one, other]) => one ?? other ?? '',
      ),
    );
    const first = starts.indexOf(index) + condition.split('\n').length;
    for (let at = first; (lines[at] ?? '').startsWith(`${indent} `); at += 1)
      for (const match of (lines[at] ?? '').matchAll(/\b(?:OLD|NEW)\.("\w+")/g))
        if (same.has(match[1] ?? '')) found.add((starts[at] ?? 0) + match.index);
  }
  return (at) => found.has(at);
}

function* editsOf(text: string, [, pattern, ...results]: MutationRule): Generator<TextEdit> {
  // matches may overlap, so the next search starts after the first character of this one
  const each = new RegExp(pattern.source, pattern.flags);
  for (let match = each.exec(text); match; match = each.exec(text)) {
    for (const result of results) yield { at: match.index, length: match[0].length, to: result(match) };
    each.lastIndex = match.index + 1;
  }
}

const startOfStatement = /^ +(?:UPDATE|INSERT|DELETE|SELECT|LOCK|RAISE|WITH|PERFORM|NEW\.|\w+ :=)/;
const beforeStatement = /(?:;|\b(?:THEN|ELSE|LOOP|BEGIN))$/;

/** Edits that replace each statement by one that does nothing. */
function* withoutStatements(text: string): Generator<TextEdit> {
  const lines = text.split('\n');
  let at = 0;
  for (const [index, line] of lines.entries()) {
    if (startOfStatement.test(line) && beforeStatement.test(lines[index - 1] ?? 'BEGIN')) {
      const end = text.indexOf(';', at);
      if (end > 0) yield { at, length: end - at, to: `${/^ +/.exec(line)?.[0]}NULL` };
    }
    at += line.length + 1;
  }
}

/** Edits that remove each arm of a union. */
function* withoutArms(text: string): Generator<TextEdit> {
  const lines = text.split('\n');
  const starts = lines.map((_, index) => lines.slice(0, index).join('\n').length + (index === 0 ? 0 : 1));
  const indentOf = (line: string) => /^ */.exec(line)?.[0].length ?? 0;
  for (const [index, line] of lines.entries()) {
    if (!/^ *(?:UNION(?: ALL)?|EXCEPT ALL)$/.test(line)) continue;
    const indent = indentOf(line);
    const isOther = (other: string) => indentOf(other) < indent || /^ *(?:UNION(?: ALL)?|EXCEPT ALL)$/.test(other);
    let first = index - 1;
    while (first >= 0 && !isOther(lines[first] ?? '')) first -= 1;
    let last = index + 1;
    while (
      last < lines.length &&
      !isOther(lines[last] ?? '') &&
      !(lines[last] ?? '').startsWith(`${' '.repeat(indent)}ORDER`)
    )
      last += 1;
    const from = (line: number) => starts[line] ?? text.length + 1;
    if (!line.includes('EXCEPT')) yield { at: from(first + 1), length: from(index + 1) - from(first + 1), to: '' };
    yield { at: from(index) - 1, length: from(last) - from(index), to: '' };
  }
}

/**
 * Edits that replace each comparison that treats NULL as a value by one that does not, unless its column is never NULL.
 */
function* comparisonsOfNull(text: string, columns: BodyColumns): Generator<TextEdit> {
  for (const match of text.matchAll(/ IS NOT DISTINCT FROM (?=\w+\."(\w+)")/g))
    if (!columns.get(match[1] ?? '')?.isRequired) yield { at: match.index, length: match[0].length, to: ' = ' };
}

/** Texts in which each column is removed from the comparisons of old and new rows. */
function* withoutComparedColumns(text: string): Generator<string> {
  const columns = new Set([...text.matchAll(/\n +[no]\.("\w+")(?=,?\n)/g)].map(([, name]) => name ?? ''));
  for (const name of columns) {
    const item = new RegExp(`,\\n +[no]\\.${name}(?=,?\\n)`, 'g');
    const first = new RegExp(`(\\n +)[no]\\.${name},\\n +`, 'g');
    yield item.test(text) ? text.replace(item, '') : text.replace(first, '$1');
  }
}

/** A column of the table to which a body belongs. */
export interface BodyColumn {
  readonly type: string;
  /** Whether the column is never NULL. */
  readonly isRequired: boolean;
  /** Whether the column has the id of a document or of a row of a collection. */
  readonly isId: boolean;
}

export type BodyColumns = ReadonlyMap<string, BodyColumn>;

type MutatedText = (value: string) => string;

const textForms: readonly MutatedText[] = [
  (value) => `lower(${value})`,
  (value) => `upper(${value})`,
  (value) => `btrim(${value})`,
  (value) => `normalize(${value})`,
  (value) => `split_part(${value}, '.', 1)`,
];

/** Expressions that give similar values of a type the same result. Ids of documents are left out: each is used once. */
const nearForms: readonly (readonly [type: RegExp, absent: string, forms: readonly MutatedText[]])[] = [
  [/^varchar\((?:\d|10)\)/, "''", textForms],
  [/^(?:varchar|text)/, "''", [...textForms, (value) => `left(${value}, 10)`]],
  [/^(?:integer|bigint|smallint)/, '0', [(value) => `abs(${value})`, (value) => `(${value} / 10)`]],
  [/^numeric\(\d+,0\)/, '0', [(value) => `abs(${value})`]],
  [/^numeric/, '0', [(value) => `abs(${value})`, (value) => `trunc(${value})`]],
  [/^boolean/, 'false', []],
  [/^date/, "'-infinity'", [(value) => `date_trunc('month', ${value})::date`]],
  [/^timestamp/, "'-infinity'", [(value) => `date_trunc('minute', ${value})`]],
  [/^time /, "'00:00:00'", [(value) => `date_trunc('minute', ${value})::time`]],
];

function formsOf(name: string, columns: BodyColumns): readonly MutatedText[] {
  const column = columns.get(name);
  if (!column || column.isId) return [];
  const [, absent = '', forms = []] = nearForms.find(([type]) => type.test(column.type)) ?? [];
  return column.isRequired ? forms : [...forms, (value) => `coalesce(${value}, ${absent})`];
}

/** Texts in which each column in a comparison of old and new rows is compared only in part. */
function* nearValuesCompared(text: string, columns: BodyColumns): Generator<string> {
  const names = new Set([...text.matchAll(/\n +[no]\."(\w+)"(?=,?\n)/g)].map(([, name]) => name ?? ''));
  for (const name of names)
    for (const form of formsOf(name, columns))
      yield text.replace(
        new RegExp(`(\\n +)([no]\\."${name}")(?=,?\\n)`, 'g'),
        (_all, indent: string, value: string) => `${indent}${form(value)} AS "${name}"`,
      );
  for (const match of text.matchAll(/\bOLD\."(\w+)" IS NOT DISTINCT FROM NEW\."\1"/g))
    for (const form of formsOf(match[1] ?? '', columns)) {
      const compared = `${form(`OLD."${match[1]}"`)} IS NOT DISTINCT FROM ${form(`NEW."${match[1]}"`)}`;
      yield text.slice(0, match.index) + compared + text.slice(match.index + match[0].length);
    }
}

/** Edits by which each written or hashed value is used only in part. */
function* nearValuesCopied(text: string, columns: BodyColumns): Generator<TextEdit> {
  for (const match of text.matchAll(/(?:(?<=\n +)(?:t|OLD|NEW)|(?<=(?:\|\| |to_char\())t)\."(\w+)"(?=,?\n|::|, ')/g))
    for (const form of formsOf(match[1] ?? '', columns))
      yield { at: match.index, length: match[0].length, to: form(match[0]) };
}

const indentOf = (line: string) => line.length - line.trimStart().length;

/** Whether only a statement on several documents reaches a line of a body. */
function isForSeveral(lines: readonly string[], line: number): boolean {
  let indent = indentOf(lines[line] ?? '');
  for (let at = line - 1; at >= 0; at -= 1) {
    const text = lines[at] ?? '';
    if (text === '' || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    const isElse = text.trim() === 'ELSE';
    const start = isElse
      ? lines.slice(0, at).findLast((each) => indentOf(each) === indent && /^ *IF /.test(each))
      : text;
    if ((isElse ? /^ *IF first = last THEN$/ : severalDocuments).test(start ?? '')) return true;
  }
  return false;
}

/** Whether only a row that moves to another document reaches a line of a body, or the line is its condition. */
function isForMoves(lines: readonly string[], line: number): boolean {
  let indent = Number.POSITIVE_INFINITY;
  for (let at = line; at >= 0; at -= 1) {
    const text = lines[at] ?? '';
    if (text === '' || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    if (/^ *IF NEW\."DocumentId" <> OLD\."DocumentId" THEN$/.test(text)) return true;
  }
  return false;
}

const severalDocuments = /^ *(?:ELSIF pg_catalog\.cardinality\(documents\) > 1|IF first <> last) THEN$/;

/** Marks a change that only a statement on several documents can show. */
export const forSeveral = ' (for several documents)';

/** Marks a change that only a row which moves to another document can show. */
export const forMoves = ' (for moved rows)';

function changedLine(before: string, after: string): string {
  let at = 0;
  while (before[at] === after[at]) at += 1;
  const lineAt = (text: string) => {
    const start = text.lastIndexOf('\n', at - 1) + 1;
    const end = text.indexOf('\n', at);
    return text.slice(start, end < 0 ? text.length : end).trim();
  };
  const line = before.slice(0, at).split('\n').length;
  const lines = before.split('\n');
  const mark = isForSeveral(lines, line - 1) ? forSeveral : isForMoves(lines, line - 1) ? forMoves : '';
  return `line ${line}: ${lineAt(before)} > ${lineAt(after)}${mark}`;
}

/**
 * The single changes of a text. `decidesRows`: the result of the body decides whether a row is written. `columns` are
 * the columns of its table.
 */
export function textMutants(
  text: string,
  decidesRows: boolean,
  columns: BodyColumns = new Map(),
): readonly TextMutant[] {
  const found = new Map<string, TextMutant>();
  const add = (kind: string, changed: string) => {
    if (changed !== text && !found.has(changed))
      found.set(changed, { kind, what: changedLine(text, changed), text: changed });
  };
  const edited = ({ at, length, to }: TextEdit) => text.slice(0, at) + to + text.slice(at + length);
  const isSame = sameValues(text);
  // rows for which the same condition holds do not get there
  const isNeedless = ({ at, length }: TextEdit) =>
    text.slice(0, at).includes(`${text.slice(at, at + length)}        RETURN NEW;`);
  const isOfStatement = /\b(?:old_rows|new_rows|oldtab|newtab)\b/.test(text);
  for (const rule of [...rules, ...(decidesRows ? rulesOfRows : []), ...(isOfStatement ? rulesOfStatements : [])])
    for (const edit of editsOf(text, rule)) {
      if (/^(?:new instead of old|old instead of new)$/.test(rule[0]) && isSame(edit.at)) continue;
      const isFalse = rule[0] === 'a condition is false';
      add(isFalse && isNeedless(edit) ? 'needless condition' : rule[0], edited(edit));
    }
  for (const edit of comparisonsOfNull(text, columns)) add('another comparison', edited(edit));
  for (const edit of withoutStatements(text)) add('a statement is missing', edited(edit));
  for (const edit of withoutArms(text)) add('an arm is missing', edited(edit));
  for (const changed of withoutComparedColumns(text)) add('a column is not compared', changed);
  for (const changed of nearValuesCompared(text, columns)) add('a value is compared in part', changed);
  for (const edit of nearValuesCopied(text, columns)) add('a value is copied in part', edited(edit));
  return [...found.values()];
}
