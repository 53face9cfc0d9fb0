import { authTable } from '@dms/inventory';
import { core, qualified } from '@dms/model';
import { closing, isLockCall, isOperator, isWord, type SqlToken, splitStatements, wordsAt } from '@dms/sql';
import { loopJoinAt } from './module-checks.ts';
import type { ScriptCheck, ScriptModule } from './tsql-script.ts';

/*
 * Locks, which tests with one session cannot show: bodies take locks in one order, and before they read the rows that
 * they base a decision on. Joins by key from a work set, and hints, replace `FOR NO KEY UPDATE` here.
 */

const hierarchy = qualified(authTable);

/** S15: a body takes the lock of the hierarchy before it reads or writes it (design 07 §9.6). */
export const hierarchyLocks: ScriptCheck = ({ modules }) =>
  triggersOf(modules).flatMap(({ name, body }) => {
    const first = Math.min(...tablesIn(body).flatMap(({ table, at }) => (table === hierarchy ? [at] : [])));
    if (first === Number.POSITIVE_INFINITY) return [];
    const isLocked = body.some((_, at) => at < first && isHierarchyLock(body, at));
    return isLocked ? [] : [`${name}: names ${hierarchy} without its lock`];
  });

const triggersOf = (modules: readonly ScriptModule[]) => modules.filter(({ kind }) => kind === 'TRIGGER');

/** A table that a statement names, with its alias and its lock hints. */
interface LockedTable {
  readonly at: number;
  readonly table: string;
  readonly alias: string | undefined;
  readonly hints: readonly string[];
}

/** The tables of the database that a statement names after FROM, JOIN or INTO. */
function tablesIn(statement: readonly SqlToken[]): readonly LockedTable[] {
  return statement.flatMap((token, at): readonly LockedTable[] => {
    const isNamed =
      isWord(token, 'FROM', 'JOIN', 'INTO') &&
      statement[at + 1]?.kind === 'name' &&
      isOperator(statement[at + 2], '.') &&
      statement[at + 3]?.kind === 'name';
    if (!isNamed) return [];
    const hasAlias = isWord(statement[at + 4], 'AS');
    const end = at + (hasAlias ? 6 : 4);
    const hasHints = isWord(statement[end], 'WITH') && isOperator(statement[end + 1], '(');
    const hints = hasHints ? statement.slice(end + 2, closing(statement, end + 1)) : [];
    return [
      {
        at,
        table: `${statement[at + 1]?.value}.${statement[at + 3]?.value}`,
        alias: hasAlias ? statement[at + 5]?.value : undefined,
        hints: hints.flatMap(({ kind, value }) => (kind === 'word' ? [value] : [])),
      },
    ];
  });
}

/** Whether the tokens at `start` take the lock of the hierarchy, and throw if it is not granted. */
function isHierarchyLock(body: readonly SqlToken[], start: number): boolean {
  if (!isLockCall(body, start)) return false;
  const end = body.findIndex((token, at) => at > start && isOperator(token, ';'));
  const values = new Map(
    body.slice(start, end).flatMap((token, at, call): readonly [string, string][] => {
      const value = call[at + 2];
      return token.kind === 'variable' && value?.kind === 'string' ? [[token.text, value.value]] : [];
    }),
  );
  const variable = body[start + 1]?.text;
  const test = body.slice(end + 1);
  return (
    values.get('@Resource') === hierarchy &&
    values.get('@LockMode') === 'Exclusive' &&
    values.get('@LockOwner') === 'Transaction' &&
    isWord(test[0], 'IF') &&
    test[1]?.text === variable &&
    isOperator(test[2], '<') &&
    test[3]?.text === '0' &&
    wordsAt(test, 4, 'BEGIN', 'THROW')
  );
}

/**
 * S19: a body reaches the rows that it writes one by one, in the order of the key of a work set (design 07 §8.2); it
 * locks a root row before its document (16 §6.2), and the queue before it reads the queue (16 §2.5).
 */
export const orderedLocks: ScriptCheck = ({ modules }) =>
  triggersOf(modules).flatMap((module) => [
    ...[...unorderedWrites(module)].map((text) => `${module.name} ${text}`),
    // writers of a document hold its row, so only the trigger of `dms.Document` reads rows of other documents
    ...(module.table === qualified(core.document)
      ? unlockedInserts(module).map((text) => `${module.name} ${text}`)
      : []),
  ]);

/** Reports writes and locks of a body in a wrong order, statement by statement. */
function* unorderedWrites({ table: ownTable, body }: ScriptModule): Generator<string> {
  const keys = leadingKeys(body);
  const document = qualified(core.document);
  const locked = new Set([ownTable]);
  let hasWrittenDocuments = false;
  for (const statement of splitStatements(body)) {
    const tables = tablesIn(statement);
    const written = writtenIn(statement, tables);
    const locks = tables.filter(({ hints, at }) => hints.includes('UPDLOCK') && isWord(statement[at], 'JOIN'));
    for (const named of new Set([...(written ? [written] : []), ...locks])) {
      const does = named === written ? 'writes' : 'locks';
      const joined = joinedSet(statement, named);
      if (!joined) yield `${does} ${named.table}, and does not reach its rows from a work set, one by one`;
      else if (joined.source.startsWith('@') && keys.get(joined.source) !== joined.column)
        yield `${does} ${named.table} in another order than that of the key of ${joined.source}`;
      locked.add(does === 'locks' ? named.table : ownTable);
    }
    if (!written) continue;
    const { table } = written;
    // a root row is locked before its document, as in an update of the root row itself
    if (hasWrittenDocuments && table !== document && !locked.has(table))
      yield `writes ${table} after ${document} without locking it before (UPDLOCK)`;
    hasWrittenDocuments ||= table === document;
  }
}

/** The first column of the key of each table variable that a body declares. */
function leadingKeys(body: readonly SqlToken[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const [at, token] of body.entries()) {
    if (!isWord(token, 'DECLARE') || !isWord(body[at + 2], 'TABLE')) continue;
    const definition = body.slice(at + 3, closing(body, at + 3));
    const key = definition.findIndex((_, index) => wordsAt(definition, index, 'PRIMARY', 'KEY'));
    if (key < 0) continue;
    // after the column itself, or after all columns with a list
    const column = isOperator(definition[key + 2], '(')
      ? definition[key + 3]
      : definition.findLast(({ kind }, index) => kind === 'name' && index < key);
    if (column) keys.set(body[at + 1]?.text ?? '', column.value);
  }
  return keys;
}

/** The table whose rows a statement updates or deletes by an alias; undefined for other statements. */
function writtenIn(statement: readonly SqlToken[], tables: readonly LockedTable[]): LockedTable | undefined {
  const alias = statement.find(
    (token, at) => token.kind === 'word' && !isWord(token, 'FROM') && isWord(statement[at - 1], 'UPDATE', 'DELETE'),
  )?.value;
  return tables.find((named) => named.alias !== undefined && named.alias === alias);
}

/** The work set that a statement starts from, and the column by which it joins the table. */
function joinedSet(statement: readonly SqlToken[], { at }: LockedTable) {
  const join = loopJoinAt(statement, at - 2);
  const source = statement.find((_, index) => isWord(statement[index - 1], 'FROM'));
  if (!join || !source) return undefined;
  const equal = statement.findIndex((token, index) => index > at && isOperator(token, '='));
  return { source: source.text, column: statement[equal + 3]?.value };
}

/**
 * Finds tables that a body reads without locks before it writes their rows: the result of the read must stay valid
 * until the write.
 */
function unlockedInserts({ body }: ScriptModule): readonly string[] {
  const updated = new Set<string>();
  return splitStatements(body).flatMap((statement) => {
    const tables = tablesIn(statement);
    const written = writtenIn(statement, tables);
    if (written) updated.add(written.table);
    const into = tables.find(({ at }) => isWord(statement[at], 'INTO'))?.table;
    const asked = tables.filter(
      ({ at, table }) => !isWord(statement[at], 'INTO') && table === (into ?? written?.table),
    );
    return asked
      .filter(({ hints }) => !['UPDLOCK', 'HOLDLOCK', 'ROWLOCK'].every((hint) => hints.includes(hint)))
      .map(({ table }) => `reads ${table} to write it without UPDLOCK, HOLDLOCK, ROWLOCK`);
  });
}
