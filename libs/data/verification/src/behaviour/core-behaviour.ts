import type { CheckedSet } from '@dms/checking';
import { counted } from '@dms/diagnostics';
import { core, coreSchema } from '@dms/model';
import { join, type PlainSql, type QualifiedName } from '@dms/sql';
import type { Selection, TrialOutcome } from '../verification-dialect.ts';
import { type BehaviourSession, namesObject, outcomeText } from './behaviour-session.ts';
import { CoreChecks, type CoreRules } from './core-checks.ts';
import { type CoreReference, type CoreTableFacts, cacheInsert, recordable, textLength } from './core-tables.ts';
import { largeVersion } from './document-rows.ts';
import { checkTrials, type Failures, refusedTrial, type Trial, unrefusedTrial } from './failures.ts';
import { checkRemadeDocuments } from './key-actions.ts';

/** The rows that the trials change: two documents of a resource with rows in every table. */
interface CoreRowIds {
  readonly documents: readonly [number, number];
  readonly keys: readonly [number, number, number];
}

/** The checks of the core (design 09b §2.3); needs a resource key. Adds every error to `failures`. */
export async function checkCoreBehaviour(
  session: BehaviourSession,
  { model, inventory }: CheckedSet,
  failures: Failures,
  rules: CoreRules,
): Promise<void> {
  const checks = new CoreChecks(session, model, failures, { ...rules, rows: recordable(rules.rows, inventory) });
  await checks.run();
  await failures.during('C17', coreSchema, () => checkCoreTables(checks, rules.tables));
  // rows that SQL Server kept must be deleted before the next step
  await session.change(session.deleteText(core.document));
}

/** The input of the trials: the checks of the core, all tables, and the rows that the trials change. */
interface TableTrials {
  readonly checks: CoreChecks;
  readonly facts: readonly CoreTableFacts[];
  readonly rows: CoreRowIds;
}

/**
 * C17: every column of a core table refuses NULL unless it is nullable, and has the required length or range; every
 * key, unique constraint and time behaves as designed (design 06 §4, 16 §2).
 */
async function checkCoreTables(checks: CoreChecks, facts: readonly CoreTableFacts[]): Promise<void> {
  const { session } = checks;
  const rows = await makeRows(checks);
  const given: TableTrials = { checks, facts, rows };
  const trialsOf = [columnTrials, uniqueTrials, checkedTrials, referenceTrials];
  const ofTables = facts.flatMap((table) => trialsOf.flatMap((trials) => trials(given, table)));
  await checkTrials(checks, 'C17', [...largeNumbers(given), ...ofTables]);
  await checkInstants(given);
  await checkRemade(given);
  // SQL Server keeps rows that are not deleted
  const [first, second] = rows.keys;
  await session.change(
    session.deleteText(core.document),
    session.deleteText(core.resourceKey, session.among('ResourceKeyId', [first, second])),
  );
}

/** The first of three resource keys that need 16 bits and have no resource in any schema set. */
const firstOwnKey = 32_000;

async function makeRows(checks: CoreChecks): Promise<CoreRowIds> {
  const { session, documents, rules } = checks;
  const keys = [firstOwnKey, firstOwnKey + 1, firstOwnKey + 2] as const;
  const [first, second] = keys;
  const keyRows = [first, second].map(
    (key) =>
      new Map([
        ['ResourceKeyId', String(key)],
        ['ProjectName', `Project${key}`],
        ['ResourceName', `Resource${key}`],
        ['ResourceVersion', '1.0.0'],
      ]),
  );
  await session.change(...keyRows.map((row) => session.insertText(core.resourceKey, row)));
  const made = [await documents.insert(first), await documents.insert(first)] as const;
  for (const [index, id] of made.entries()) {
    const descriptor = rules.rows.descriptor(id, first, `${index} Value`);
    await session.change(
      session.insertText(core.descriptor, new Map([...descriptor, ['Discriminator', `Verification${index}`]])),
      cacheInsert(session, rules.rows, id, '{}'),
      ...rules.identities.inserts(session, {
        referentialId: documents.nextUuid(),
        documentId: String(id),
        resourceKeyId: String(index === 0 ? first : second),
      }),
      ...rules.ownedRows(checks, id),
    );
  }
  return { documents: made, keys };
}

/** An id that needs 64 bits and that no document has. */
const noDocument = '1000000000000000';

/** Trials of each column: NULL, the largest value and too large a value. */
function columnTrials(given: TableTrials, facts: CoreTableFacts): Trial[] {
  const { notNull, tooLong, outOfRange } = given.checks.session.dialect.codes;
  // a trigger may write NULL into a column of another table
  return Object.entries(facts.columns).flatMap(([column, type]): Trial[] => {
    const set = (value: string | null) => updating(given, facts, column, value);
    const isOfColumn = (outcome: TrialOutcome) =>
      outcome?.code === notNull && namesObject(outcome.message, column) && namesObject(outcome.message, facts.name);
    const length = textLength(type);
    const text = (count: number) => [set('x'.repeat(count)), counted(count, 'character'), tooLong] as const;
    return [
      type.endsWith('?')
        ? { ...set(null), expected: 'NULL accepted', isRight: isAccepted }
        : { ...set(null), expected: `NULL refused with ${notNull}`, isRight: isOfColumn },
      ...(type.startsWith('id') ? [unrefusedTrial(set(noDocument), noDocument, outOfRange)] : []),
      ...(length === null ? [] : [unrefusedTrial(...text(length)), refusedTrial(...text(length + 1))]),
    ];
  });
}

/** An update of a column, with the name of the column in reports. */
function updating(given: TableTrials, facts: CoreTableFacts, column: string, value: string | null) {
  const { session } = given.checks;
  return {
    object: `dms.${facts.name}.${column}`,
    statement: session.updateText(tableOf(facts), [session.equal(column, value)], whereRow(given, facts)),
  };
}

const tableOf = ({ name }: Pick<CoreTableFacts, 'name'>): QualifiedName => ({ schema: coreSchema, name });

/** The condition that selects the row that is changed, or the row that stays. */
function whereRow({ checks, rows }: TableTrials, { rowColumn }: CoreTableFacts, isChanged = true): PlainSql {
  if (rowColumn === null) return checks.session.rules.sql`1 = 1`;
  const id = (rowColumn === 'DocumentId' ? rows.documents : rows.keys)[isChanged ? 1 : 0];
  return checks.session.equal(rowColumn, id);
}

const isAccepted = (outcome: TrialOutcome) => outcome === null;

/** Trials of unique constraints: the values of another row in all columns of a constraint, and in all but one. */
function uniqueTrials(given: TableTrials, facts: CoreTableFacts): Trial[] {
  const { session } = given.checks;
  const { unique } = session.dialect.codes;
  const { sql, id } = session.rules;
  const table = tableOf(facts);
  const other = (column: string) =>
    session.equal(column, sql`(SELECT ${id(column)} FROM ${table} WHERE ${whereRow(given, facts, false)})`);
  return Object.entries(facts.uniques ?? {}).flatMap(([name, columns]): Trial[] => {
    const tried = (some: readonly string[]) => ({
      object: `dms.${facts.name} ${name}`,
      statement: session.updateText(table, some.map(other), whereRow(given, facts)),
    });
    const all = refusedTrial(tried(columns), 'the same values twice', unique, name);
    return [
      all,
      ...(columns.length > 1 ? columns : []).map((column) => ({
        ...tried(columns.filter((each) => each !== column)),
        expected: `other values of ${column} not refused by this key`,
        isRight: (outcome: TrialOutcome) => !all.isRight(outcome),
      })),
    ];
  });
}

function checkedTrials(given: TableTrials, facts: CoreTableFacts): Trial[] {
  const { session, dialect } = given.checks;
  return (facts.checks ?? [])
    .filter(({ only }) => only === undefined || only === dialect)
    .flatMap(({ name, column, refused }) =>
      refused.map((value) => {
        const tried = { ...updating(given, facts, column, value), object: `dms.${facts.name} ${name}` };
        return refusedTrial(tried, JSON.stringify(value), session.dialect.codes.check, name);
      }),
    );
}

function referenceTrials(given: TableTrials, facts: CoreTableFacts): Trial[] {
  const { session } = given.checks;
  const code = session.dialect.codes.foreignKey;
  return (facts.references ?? []).flatMap((reference): Trial[] => {
    const { name, column, target } = reference;
    const object = `dms.${facts.name} ${name}`;
    const refused = (what: string, statement: PlainSql): Trial => ({
      ...refusedTrial({ object, statement }, what, code, name),
      expected: `${what} refused with ${code} ${name}`,
    });
    const set = (value: string) => updating(given, facts, column, value).statement;
    if (target === 'ResourceKey') {
      const { deleted, renumbered } = keyOfResource(given, facts, reference);
      return [
        refused('the deletion of the resource key', deleted),
        refused('another number of the resource key', renumbered),
      ];
    }
    if (target === 'Document') return [refused('an unknown document', set(noDocument))];
    const table = tableOf({ name: target });
    const otherHash = session.updateText(table, [session.equal(column, '0'.repeat(64))]);
    const expected = 'the deletion of the schema accepted';
    return [
      refused('an unknown hash', set('0'.repeat(64))),
      refused('another hash of the schema', otherHash),
      { object, statement: session.deleteText(table), expected, isRight: isAccepted },
    ];
  });
}

/** Statements that delete and renumber a resource key that only the rows of one table reference. */
function keyOfResource({ checks, facts: all, rows }: TableTrials, facts: CoreTableFacts, { column }: CoreReference) {
  const { session } = checks;
  const [own, other, further] = rows.keys;
  const is = (key: number) => session.equal(column, key);
  const named = all.filter(
    ({ name, references }) => name !== facts.name && references?.some((each) => each.column === column),
  );
  const away = named.map(({ name }) =>
    name === core.document.name
      ? // the journal of `v1` has one event for each version
        session.updateText(core.document, [is(other), session.equal('ContentVersion', checks.nextVersion)], is(own))
      : session.deleteText(tableOf({ name }), is(own)),
  );
  const key = core.resourceKey;
  return {
    deleted: join([...away, session.deleteText(key, is(own))], '; '),
    renumbered: join([...away, session.updateText(key, [is(further)], is(own))], '; '),
  };
}

/** Trials of numbers that need 64 bits: the id of a document, its version, and the next value of each sequence. */
function largeNumbers({ checks, rows }: TableTrials): Trial[] {
  const { session, documents, rules } = checks;
  const [key] = rows.keys;
  const restart = (sequence: QualifiedName) => session.restartText(sequence, largeVersion);
  const accepted = (object: string, statement: PlainSql, what: string): Trial => ({
    object: `dms.${object}`,
    statement,
    expected: `${what} accepted`,
    isRight: isAccepted,
  });
  const { changeVersionSequence: versions } = core;
  const byId = documents.insertText(documents.nextUuid(), key, Number(noDocument));
  const byVersion = join([restart(versions), documents.insertText(documents.nextUuid(), key)], '; ');
  return [
    accepted('Document.DocumentId', byId, noDocument),
    accepted(versions.name, byVersion, `a document with the version ${largeVersion}`),
    ...rules.sequences.map((each) => accepted(each.name, restart(each), `the number ${largeVersion}`)),
  ];
}

/** A time, and the part of its text that shows whether a column keeps its fraction. */
const instant = { value: '2024-01-02T03:04:05.678Z', shown: ':05.678' } as const;

/** Checks that each column of a time keeps its fraction. */
async function checkInstants(given: TableTrials): Promise<void> {
  const { session, failures } = given.checks;
  const changes = given.facts.flatMap((facts) =>
    Object.entries(facts.columns).flatMap(([column, type]) => {
      if (type !== 'instant') return [];
      const { object, statement } = updating(given, facts, column, instant.value);
      const table = tableOf(facts);
      const selections: readonly Selection[] = [{ table, columns: [column], where: whereRow(given, facts) }];
      return [{ object, column, statements: [statement], selections }];
    }),
  );
  const outcomes = await session.trials(changes);
  for (const [index, { object, column }] of changes.entries()) {
    const outcome = outcomes[index] ?? [];
    const found = 'code' in outcome ? outcomeText(outcome) : (outcome[0]?.[0]?.[column] ?? 'NULL');
    if (!found.includes(instant.shown)) failures.add('C17', object, `a time that ends with ${instant.shown}`, found);
  }
}

/** Checks that no key of a core table changes its rows when a document gets another id. */
function checkRemade({ checks, facts: all, rows }: TableTrials): Promise<void> {
  const { session, failures } = checks;
  const keys = all.flatMap((facts) =>
    (facts.references ?? [])
      .filter(({ target }) => target === 'Document')
      .map(({ name, column }) => ({ name, column, table: tableOf(facts) })),
  );
  const columns = all.filter(({ name }) => name === core.document.name).flatMap((facts) => Object.keys(facts.columns));
  return checkRemadeDocuments({ session, failures, check: 'C17', ids: rows.documents, keys, columns });
}
