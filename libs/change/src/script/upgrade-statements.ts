import type { EffectiveSchemaInfo } from '@dms/api-schema';
import { derivedRows } from '@dms/ddl';
import { authTable } from '@dms/inventory';
import { core, coreV2, qualified, unqualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import { generations } from '../generations.ts';
import {
  type AffectedTable,
  effectOn,
  effectOnNone,
  present,
  type StatementEffect,
  type StatementKind,
} from '../hazards/statement-effect.ts';
import type { CodePlan } from '../planning/compare-code.ts';
import type { Comparison } from '../planning/comparison.ts';
import type { DerivedPlan } from '../planning/derived-changes.ts';
import type { DiscriminatorPlan } from '../planning/discriminators.ts';
import type { AddedKey, KeyPlan } from '../planning/key-plan.ts';
import type { ResourceKeyPlan } from '../planning/resource-keys.ts';
import type { UpgradeCheck, UpgradeItem, UpgradeLoss, UpgradeStatement, UpgradeStep } from '../planning/upgrade-plan.ts';
import { columnStatements, type MadeStatement } from './column-statements.ts';
import { descriptorBlock } from './descriptor-identity.ts';
import { discriminatorStatements } from './discriminator-statements.ts';
import { NameChanges } from './name-changes.ts';
import type { QualifiedName, ScriptCheck } from './upgrade-dialect.ts';

/** Everything that a script is made from. */
export interface ScriptParts {
  readonly comparison: Comparison;
  readonly keys: KeyPlan;
  readonly code: CodePlan;
  readonly resourceKeys: ResourceKeyPlan;
  readonly discriminators: DiscriminatorPlan;
  readonly derived: DerivedPlan;
  readonly items: readonly UpgradeItem[];
  readonly checks: readonly UpgradeCheck[];
  readonly losses: readonly UpgradeLoss[];
  /** What the queries of checks and losses do. */
  readonly checkEffects: readonly StatementEffect[];
}

/** Drops first the objects that nothing else needs any more. */
const dropOrder = ['foreignKey', 'constraint', 'index'] as const;
const addOrder = ['primaryKey', 'unique', 'check', 'foreignKey', 'index'] as const;

const addKind = (entry: AddedKey): (typeof addOrder)[number] =>
  entry.kind === 'constraint' ? entry.constraint.kind : entry.kind;

class StatementList {
  readonly list: UpgradeStatement[] = [];

  add(
    step: UpgradeStep,
    subject: string,
    effects: StatementEffect | readonly StatementEffect[],
    ...texts: readonly string[]
  ): void {
    for (const sql of texts)
      if (sql !== '') this.list.push({ step, subject, sql, effects: 'kind' in effects ? [effects] : effects });
  }

  addMade(step: UpgradeStep, subject: string, statements: readonly MadeStatement[]): void {
    for (const { sql, effects } of statements) this.add(step, subject, effects, sql);
  }
}

/** A table of the later set, named as hazards name it. */
function laterTable({ changesByAfter }: Comparison, key: string): AffectedTable {
  const change = changesByAfter.get(key);
  return change ? present(change.pair.before.key) : { name: key, isNew: true };
}

const effectOnLater = (comparison: Comparison, kind: StatementKind, key: string): StatementEffect => ({
  kind,
  table: laterTable(comparison, key),
});

const keyNameOf = (table: string, name: string) => `${table}\n${name}`;

/** The tables that the foreign keys of the earlier set refer to, by the table and the name of the key. */
function earlierTargets({ before }: Comparison): ReadonlyMap<string, AffectedTable> {
  return new Map(
    before.catalog.tables.flatMap((table) =>
      table.foreignKeys.map(({ name, target }): [string, AffectedTable] => [
        keyNameOf(qualified(table), name),
        present(`${target.schema}.${target.table}`),
      ]),
    ),
  );
}

/** The text that names the item of a query. */
export const itemText = ({ change, path }: UpgradeItem) => `${change}: ${path.join('.')}`;

function scriptChecks({ items }: ScriptParts, queries: readonly UpgradeCheck[]): ScriptCheck[] {
  return queries.map(({ id, item, sql }) => ({ id, sql, text: items[item] ? itemText(items[item]) : '' }));
}

function dropCode({ comparison: { dialect }, code }: ScriptParts, out: StatementList): void {
  for (const { table, name } of code.droppedTriggers)
    out.add('drop code', table, effectOn('drop trigger', table), dialect.dropTrigger(unqualified(table), name));
  for (const routine of code.droppedFunctions)
    out.add('drop code', qualified(routine), effectOnNone('drop function'), dialect.dropFunction(routine));
  for (const view of code.droppedViews)
    out.add('drop code', qualified(view), effectOn('drop view', qualified(view)), dialect.dropView(view));
}

/** The statement that takes each kind of key away. */
const dropsOf = {
  foreignKey: 'drop foreign key',
  constraint: 'drop constraint',
  index: 'drop index',
} as const satisfies Record<(typeof dropOrder)[number], StatementKind>;

function dropKeys({ comparison, keys }: ScriptParts, out: StatementList): void {
  const { dialect } = comparison;
  const targets = earlierTargets(comparison);
  for (const kind of dropOrder)
    for (const { table, name } of keys.dropped.filter((entry) => entry.kind === kind)) {
      const target = kind === 'foreignKey' ? targets.get(keyNameOf(table, name)) : undefined;
      const sql =
        kind === 'index' ? dialect.dropIndex(unqualified(table), name) : dialect.dropConstraint(unqualified(table), name);
      out.add('drop keys', table, { ...effectOn(dropsOf[kind], table), target }, sql);
    }
}

function tablesAndNames(parts: ScriptParts, out: StatementList): void {
  const { comparison } = parts;
  const { dialect, before, after, match, definition, statements: objects, changes } = comparison;
  const schemasBefore = new Set(before.catalog.schemas);
  const schemasAfter = new Set(after.catalog.schemas);
  for (const { key } of match.removed)
    out.add('tables and names', key, effectOn('drop table', key), dialect.dropTable(unqualified(key)));
  const { removed } = parts.resourceKeys;
  if (removed.length > 0) {
    const { quote } = dialect.rules;
    const documents = qualifiedName(dialect.rules, core.document);
    const isGone = `${quote('ResourceKeyId')} IN (${removed.join(', ')})`;
    const rows = { table: qualified(core.document), condition: `t.${isGone}` };
    const effect = { ...effectOn('delete rows', rows.table), rows };
    out.add('tables and names', qualified(core.document), effect, `DELETE FROM ${documents} WHERE ${isGone};`);
    out.add('tables and names', qualified(core.document), effectOnNone('run deferred checks'), ...dialect.settle());
  }
  const columns = columnStatements(comparison);
  columns.forEach(({ drops }, index) => {
    out.addMade('tables and names', changes[index]?.pair.before.key ?? '', drops);
  });
  for (const name of after.catalog.schemas)
    if (!schemasBefore.has(name)) out.add('tables and names', name, effectOnNone('create schema'), objects.schema(name));
  const extensionsBefore = new Set(before.catalog.extensions.map(({ name }) => name));
  for (const { name } of after.catalog.extensions)
    if (!extensionsBefore.has(name))
      out.add('tables and names', name, effectOnNone('create extension'), objects.extension(name));
  const names = new NameChanges(comparison, parts.keys);
  for (const { subject, sql, effects } of names.moves()) out.add('tables and names', subject, effects, sql);
  for (const { subject, sql, effects } of names.renames()) out.add('tables and names', subject, effects, sql);
  for (const name of before.catalog.schemas)
    if (!schemasAfter.has(name)) out.add('tables and names', name, effectOnNone('drop schema'), dialect.dropSchema(name));
  for (const { table, names: renamings } of columns) out.addMade('tables and names', table, renamings);
  for (const { subject, sql, effects } of names.keyRenames()) out.add('tables and names', subject, effects, sql);
  const sequencesBefore = new Set(before.catalog.sequences.map(qualified));
  for (const sequence of definition.sequences)
    if (!sequencesBefore.has(qualified(sequence)))
      out.add('tables and names', qualified(sequence), effectOnNone('create sequence'), objects.sequence(sequence));
  const added = new Set(match.added.map(({ key }) => key));
  for (const table of definition.tables) {
    const key = qualified(table);
    if (added.has(key))
      out.add('tables and names', key, { kind: 'create table', table: { name: key, isNew: true } }, objects.table(table));
  }
  for (const { table, adds } of columns) out.addMade('columns', table, adds);
  for (const { table, moves: updates } of columns) out.addMade('columns', table, updates);
  const settled = dialect.settle();
  if (columns.some((entry) => entry.moves.length > 0 || entry.changes.length > 0))
    out.add('columns', qualified(core.document), effectOnNone('run deferred checks'), ...settled);
  for (const { table, changes: last } of columns) out.addMade('columns', table, last);
}

/** The update of the rows of a table that hold the number of a renumbered resource. */
function movedRows(
  comparison: Comparison,
  key: string,
  column: string,
  moves: ResourceKeyPlan['moves'],
): StatementEffect | readonly StatementEffect[] {
  const change = comparison.changesByAfter.get(key);
  if (!change) return effectOnLater(comparison, 'update rows', key);
  const { quote } = comparison.dialect.rules;
  const name = change.pair.earlier.get(column) ?? column;
  const table = change.pair.before.key;
  const condition = `t.${quote(name)} IN (${moves.map(([from]) => from).join(', ')})`;
  return { ...effectOn('update rows', table), rows: { table, condition } };
}

function rewriteResourceKeys({ comparison, resourceKeys, discriminators }: ScriptParts, out: StatementList): void {
  const { dialect, statements: objects } = comparison;
  const { quote, stringLiteral } = dialect.rules;
  const keyTable = qualifiedName(dialect.rules, core.resourceKey);
  const { moves, deleted, reversioned, inserted, holders } = resourceKeys;
  if (moves.length > 0)
    for (const { table, column } of holders) {
      const effect = movedRows(comparison, table, column, moves);
      out.add('resource keys', table, effect, dialect.moveResourceKeys(unqualified(table), column, moves));
    }
  const keyTableName = qualified(core.resourceKey);
  if (deleted.length > 0)
    out.add(
      'resource keys',
      qualified(core.resourceKey),
      effectOn('delete rows', keyTableName),
      `DELETE FROM ${keyTable} WHERE ${quote('ResourceKeyId')} IN (${deleted.join(', ')});`,
    );
  for (const { version, ids } of reversioned) {
    const set = `SET ${quote('ResourceVersion')} = ${stringLiteral(version)}`;
    out.add(
      'resource keys',
      qualified(core.resourceKey),
      effectOn('update rows', keyTableName),
      `UPDATE ${keyTable} ${set} WHERE ${quote('ResourceKeyId')} IN (${ids.join(', ')});`,
    );
  }
  if (inserted.length > 0)
    out.add(
      'resource keys',
      qualified(core.resourceKey),
      effectOn('insert rows', keyTableName),
      objects.resourceKeys({ resourceKeys: inserted as EffectiveSchemaInfo['resourceKeys'] }),
    );
  for (const { subject, sql } of discriminatorStatements(dialect, discriminators))
    out.add('resource keys', subject, effectOnLater(comparison, 'update rows', subject), sql);
}

/** The statement that makes each kind of key. */
const addsOf = {
  primaryKey: 'add primary key',
  unique: 'add unique',
  check: 'add check',
  foreignKey: 'add foreign key',
  index: 'create index',
} as const satisfies Record<(typeof addOrder)[number], StatementKind>;

function addKeys({ comparison, keys }: ScriptParts, out: StatementList): void {
  const { match, statements: objects, dialect } = comparison;
  const ofNewTables = match.added.flatMap(({ definition: table }): AddedKey[] => [
    ...table.addedConstraints.map((constraint): AddedKey => ({ kind: 'constraint', table, constraint })),
    ...table.foreignKeys.map((key): AddedKey => ({ kind: 'foreignKey', table, key })),
    ...table.indexes.map((index): AddedKey => ({ kind: 'index', table, index })),
  ]);
  const added = [...keys.added, ...ofNewTables];
  if (added.length > 0 && out.list.some(({ step }) => step !== 'checks'))
    out.add('add keys', qualified(core.document), effectOnNone('run deferred checks'), ...dialect.settle());
  for (const kind of addOrder) {
    for (const entry of added) {
      if (addKind(entry) !== kind) continue;
      const subject = qualified(entry.table);
      const effect = effectOnLater(comparison, addsOf[kind], subject);
      if (entry.kind === 'primaryKey') out.add('add keys', subject, effect, objects.primaryKey(entry.table));
      else if (entry.kind === 'constraint')
        out.add('add keys', subject, effect, objects.constraint(entry.table, entry.constraint));
      else if (entry.kind === 'foreignKey') {
        const { target } = entry.key;
        const referred = { ...effect, target: laterTable(comparison, `${target.schema}.${target.table}`) };
        out.add('add keys', subject, referred, objects.foreignKey(entry.table, entry.key));
      } else out.add('add keys', subject, effect, objects.index(entry.table, entry.index));
    }
  }
}

function makeCode({ comparison, code }: ScriptParts, out: StatementList): void {
  const { statements: objects } = comparison;
  for (const routine of code.routines)
    out.add('make code', qualified(routine), effectOnNone('create function'), objects.routine(routine));
  for (const view of code.views) {
    const name = qualified(view);
    out.add('make code', name, { kind: 'create view', table: { name, isNew: true } }, objects.view(view));
  }
  for (const { table, trigger } of code.triggers) {
    const effect = effectOnLater(comparison, 'create trigger', qualified(table));
    out.add('make code', qualified(table), effect, objects.trigger(table, trigger));
  }
}

function deriveRows({ comparison, derived }: ScriptParts, out: StatementList): void {
  const { dialect } = comparison;
  const { quote } = dialect.rules;
  const texts = derivedRows(comparison.definition.mappingVersion, dialect.name);
  const quoted = (name: QualifiedName) => qualifiedName(dialect.rules, name);
  const identityTable = qualified(core.referentialIdentity);
  /** Rows of a table that are derived from rows of another table. */
  const rowsOf = (kind: StatementKind, table: string, source: string): StatementEffect => {
    const { name, isNew } = laterTable(comparison, source);
    return { ...effectOnLater(comparison, kind, table), ...(isNew ? {} : { rows: { table: name } }) };
  };
  for (const { table, member } of derived.leavers) {
    const id = quote('DocumentId');
    const gone = `SELECT m.${id} FROM ${quoted(member)} AS m`;
    out.add(
      'derived rows',
      qualified(table),
      rowsOf('delete rows', qualified(table), qualified(member)),
      `DELETE FROM ${quoted(table)} WHERE ${id} IN (${gone});`,
    );
  }
  for (const trigger of derived.abstractIdentities)
    out.add(
      'derived rows',
      qualified(trigger.targetTable),
      rowsOf('insert rows', qualified(trigger.targetTable), qualified(trigger.table)),
      texts.abstractIdentities(trigger),
    );
  const ids = derived.referentialIds.map(({ block }) => block.resourceKeyId);
  const identities = quoted(core.referentialIdentity);
  for (const { table } of derived.referentialIds.filter(
    (entry, index, all) => all.findIndex((each) => qualified(each.table) === qualified(entry.table)) === index,
  )) {
    // all identities of the table's documents, including those for a former superclass
    const documents = `SELECT t.${quote('DocumentId')} FROM ${quoted(table)} AS t`;
    out.add(
      'derived rows',
      qualified(core.referentialIdentity),
      rowsOf('delete rows', identityTable, qualified(table)),
      `DELETE FROM ${identities} WHERE ${quote('DocumentId')} IN (${documents});`,
    );
  }
  const key = quote('ResourceKeyId');
  const ofDescriptors = (kind: StatementKind) => rowsOf(kind, identityTable, qualified(core.descriptor));
  for (const { id } of derived.descriptors)
    out.add(
      'derived rows',
      qualified(core.referentialIdentity),
      ofDescriptors('delete rows'),
      `DELETE FROM ${identities} WHERE ${key} = ${id};`,
    );
  for (const descriptor of derived.descriptors) {
    const documentId = quote('DocumentId');
    out.add(
      'derived rows',
      qualified(core.referentialIdentity),
      ofDescriptors('insert rows'),
      [
        `INSERT INTO ${identities} (${[quote('ReferentialId'), documentId, key].join(', ')})`,
        `SELECT ${texts.referentialId(descriptorBlock(descriptor))}, t.${documentId}, ${descriptor.id}`,
        `FROM ${quoted(core.descriptor)} AS t`,
        `INNER JOIN ${quoted(core.document)} AS d ON d.${documentId} = t.${documentId}`,
        `WHERE d.${key} = ${descriptor.id};`,
      ].join('\n'),
    );
  }
  if (ids.length > 0)
    for (const { block, table } of derived.referentialIds)
      out.add(
        'derived rows',
        qualified(core.referentialIdentity),
        rowsOf('insert rows', identityTable, qualified(table)),
        texts.referentialIds(block, table),
      );
  if (derived.hierarchy) {
    const closure = qualified(authTable);
    const effects = (['delete rows', 'insert rows'] as const).map((kind) => effectOnLater(comparison, kind, closure));
    out.add('derived rows', 'auth', effects, texts.hierarchy(derived.hierarchy));
  }
}

function fingerprint({ comparison }: ScriptParts, out: StatementList): void {
  const { before, after, dialect, statements: objects } = comparison;
  const isSame = before.info.effectiveSchemaHash === after.info.effectiveSchemaHash;
  if (isSame && out.list.length === 0) return;
  const cache = effectOn('delete rows', qualified(core.documentCache));
  out.add(
    'fingerprint',
    qualified(core.documentCache),
    cache,
    `DELETE FROM ${qualifiedName(dialect.rules, core.documentCache)};`,
  );
  const refilled: StatementEffect = {
    ...effectOn('insert rows', qualified(coreV2.documentProjectionWork)),
    rows: { table: qualified(core.document) },
  };
  const refill = generations[comparison.definition.mappingVersion].refillCache[dialect.name];
  out.add('fingerprint', qualified(core.documentCache), refilled, ...refill);
  // its components are deleted with it
  const schema = qualified(core.effectiveSchema);
  const gone = `DELETE FROM ${qualifiedName(dialect.rules, core.effectiveSchema)};`;
  out.add('fingerprint', qualified(core.effectiveSchema), effectOn('delete rows', schema), gone);
  const written = objects.fingerprint(after.model.effectiveSchema);
  out.add('fingerprint', qualified(core.effectiveSchema), effectOn('insert rows', schema), written);
}

/** The statements between the preflight and the end of a script, in order (design 12 §5). */
export function upgradeStatements(parts: ScriptParts): readonly UpgradeStatement[] {
  const { comparison, checks, losses } = parts;
  const out = new StatementList();
  if (checks.length + losses.length > 0)
    out.add(
      'checks',
      qualified(core.document),
      parts.checkEffects,
      comparison.dialect.checks(scriptChecks(parts, checks), scriptChecks(parts, losses)),
    );
  dropCode(parts, out);
  dropKeys(parts, out);
  tablesAndNames(parts, out);
  rewriteResourceKeys(parts, out);
  addKeys(parts, out);
  makeCode(parts, out);
  deriveRows(parts, out);
  fingerprint(parts, out);
  return out.list;
}
