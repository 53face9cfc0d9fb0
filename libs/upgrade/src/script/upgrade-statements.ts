import type { EffectiveSchemaInfo } from '@dms/api-schema';
import { derivedRows } from '@dms/ddl';
import { core, qualified } from '@dms/model';
import { generations } from '../generations.ts';
import type { CodePlan } from '../planning/compare-code.ts';
import type { Comparison } from '../planning/comparison.ts';
import type { DerivedPlan } from '../planning/derived-changes.ts';
import type { DiscriminatorPlan } from '../planning/discriminators.ts';
import type { AddedKey, KeyPlan } from '../planning/key-plan.ts';
import type { ResourceKeyPlan } from '../planning/resource-keys.ts';
import type { UpgradeCheck, UpgradeItem, UpgradeLoss, UpgradeStatement, UpgradeStep } from '../planning/upgrade-plan.ts';
import { columnStatements } from './column-statements.ts';
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
}

const named = (key: string): QualifiedName => {
  const dot = key.indexOf('.');
  return { schema: key.slice(0, dot), name: key.slice(dot + 1) };
};

/** What is dropped first is what nothing else needs any more. */
const dropOrder = ['foreignKey', 'constraint', 'index'] as const;
const addOrder = ['primaryKey', 'unique', 'check', 'foreignKey', 'index'] as const;

const addKind = (entry: AddedKey): (typeof addOrder)[number] =>
  entry.kind === 'constraint' ? entry.constraint.kind : entry.kind;

class StatementList {
  readonly list: UpgradeStatement[] = [];

  add(step: UpgradeStep, subject: string, ...texts: readonly string[]): void {
    for (const sql of texts) if (sql !== '') this.list.push({ step, subject, sql });
  }
}

/** The text that names the item of a query. */
export const itemText = ({ change, path }: UpgradeItem) => `${change}: ${path.join('.')}`;

function scriptChecks({ items }: ScriptParts, queries: readonly UpgradeCheck[]): ScriptCheck[] {
  return queries.map(({ id, item, sql }) => ({ id, sql, text: items[item] ? itemText(items[item]) : '' }));
}

function dropCode({ comparison: { dialect }, code }: ScriptParts, out: StatementList): void {
  for (const { table, name } of code.droppedTriggers) out.add('drop code', table, dialect.dropTrigger(named(table), name));
  for (const routine of code.droppedFunctions) out.add('drop code', qualified(routine), dialect.dropFunction(routine));
  for (const view of code.droppedViews) out.add('drop code', qualified(view), dialect.dropView(view));
}

function dropKeys({ comparison: { dialect }, keys }: ScriptParts, out: StatementList): void {
  for (const kind of dropOrder)
    for (const { table, name } of keys.dropped.filter((entry) => entry.kind === kind))
      out.add(
        'drop keys',
        table,
        kind === 'index' ? dialect.dropIndex(named(table), name) : dialect.dropConstraint(named(table), name),
      );
}

function tablesAndNames(parts: ScriptParts, out: StatementList): void {
  const { comparison } = parts;
  const { dialect, before, after, match, definition, statements: objects, changes } = comparison;
  const schemasBefore = new Set(before.catalog.schemas);
  const schemasAfter = new Set(after.catalog.schemas);
  for (const { key } of match.removed) out.add('tables and names', key, dialect.dropTable(named(key)));
  const { removed } = parts.resourceKeys;
  if (removed.length > 0) {
    const { quote } = dialect.rules;
    const documents = `${quote('dms')}.${quote('Document')}`;
    out.add(
      'tables and names',
      'dms.Document',
      `DELETE FROM ${documents} WHERE ${quote('ResourceKeyId')} IN (${removed.join(', ')});`,
    );
    out.add('tables and names', 'dms.Document', ...dialect.settle());
  }
  const columns = columnStatements(comparison);
  columns.forEach(({ drops }, index) => {
    out.add('tables and names', changes[index]?.pair.before.key ?? '', ...drops);
  });
  for (const name of after.catalog.schemas)
    if (!schemasBefore.has(name)) out.add('tables and names', name, objects.schema(name));
  const extensionsBefore = new Set(before.catalog.extensions.map(({ name }) => name));
  for (const { name } of after.catalog.extensions)
    if (!extensionsBefore.has(name)) out.add('tables and names', name, objects.extension(name));
  const names = new NameChanges(comparison, parts.keys);
  for (const { subject, sql } of names.moves()) out.add('tables and names', subject, sql);
  for (const { subject, sql } of names.renames()) out.add('tables and names', subject, sql);
  for (const name of before.catalog.schemas)
    if (!schemasAfter.has(name)) out.add('tables and names', name, dialect.dropSchema(name));
  for (const { table, names: renamings } of columns) out.add('tables and names', table, ...renamings);
  for (const { subject, sql } of names.keyRenames()) out.add('tables and names', subject, sql);
  const sequencesBefore = new Set(before.catalog.sequences.map(qualified));
  for (const sequence of definition.sequences)
    if (!sequencesBefore.has(qualified(sequence))) out.add('tables and names', qualified(sequence), objects.sequence(sequence));
  const added = new Set(match.added.map(({ key }) => key));
  for (const table of definition.tables)
    if (added.has(qualified(table))) out.add('tables and names', qualified(table), objects.table(table));
  for (const { table, adds } of columns) out.add('columns', table, ...adds);
  for (const { table, moves: updates } of columns) out.add('columns', table, ...updates);
  const settled = dialect.settle();
  if (columns.some((entry) => entry.moves.length > 0 || entry.changes.length > 0))
    out.add('columns', 'dms.Document', ...settled);
  for (const { table, changes: last } of columns) out.add('columns', table, ...last);
}

function rewriteResourceKeys({ comparison, resourceKeys, discriminators }: ScriptParts, out: StatementList): void {
  const { dialect, statements: objects } = comparison;
  const { quote, stringLiteral } = dialect.rules;
  const keyTable = `${quote('dms')}.${quote('ResourceKey')}`;
  const { moves, deleted, reversioned, inserted, holders } = resourceKeys;
  if (moves.length > 0)
    for (const { table, column } of holders)
      out.add('resource keys', table, dialect.moveResourceKeys(named(table), column, moves));
  if (deleted.length > 0)
    out.add(
      'resource keys',
      'dms.ResourceKey',
      `DELETE FROM ${keyTable} WHERE ${quote('ResourceKeyId')} IN (${deleted.join(', ')});`,
    );
  for (const { version, ids } of reversioned) {
    const set = `SET ${quote('ResourceVersion')} = ${stringLiteral(version)}`;
    out.add(
      'resource keys',
      'dms.ResourceKey',
      `UPDATE ${keyTable} ${set} WHERE ${quote('ResourceKeyId')} IN (${ids.join(', ')});`,
    );
  }
  if (inserted.length > 0)
    out.add(
      'resource keys',
      'dms.ResourceKey',
      objects.resourceKeys({ resourceKeys: inserted as EffectiveSchemaInfo['resourceKeys'] }),
    );
  for (const { subject, sql } of discriminatorStatements(dialect, discriminators)) out.add('resource keys', subject, sql);
}

function addKeys({ comparison, keys }: ScriptParts, out: StatementList): void {
  const { match, statements: objects, dialect } = comparison;
  const ofNewTables = match.added.flatMap(({ definition: table }): AddedKey[] => [
    ...table.addedConstraints.map((constraint): AddedKey => ({ kind: 'constraint', table, constraint })),
    ...table.foreignKeys.map((key): AddedKey => ({ kind: 'foreignKey', table, key })),
    ...table.indexes.map((index): AddedKey => ({ kind: 'index', table, index })),
  ]);
  const added = [...keys.added, ...ofNewTables];
  if (added.length > 0 && out.list.some(({ step }) => step !== 'checks'))
    out.add('add keys', 'dms.Document', ...dialect.settle());
  for (const kind of addOrder) {
    for (const entry of added) {
      if (addKind(entry) !== kind) continue;
      const subject = qualified(entry.table);
      if (entry.kind === 'primaryKey') out.add('add keys', subject, objects.primaryKey(entry.table));
      else if (entry.kind === 'constraint') out.add('add keys', subject, objects.constraint(entry.table, entry.constraint));
      else if (entry.kind === 'foreignKey') out.add('add keys', subject, objects.foreignKey(entry.table, entry.key));
      else out.add('add keys', subject, objects.index(entry.table, entry.index));
    }
  }
}

function makeCode({ comparison: { statements: objects }, code }: ScriptParts, out: StatementList): void {
  for (const routine of code.routines) out.add('make code', qualified(routine), objects.routine(routine));
  for (const view of code.views) out.add('make code', qualified(view), objects.view(view));
  for (const { table, trigger } of code.triggers) out.add('make code', qualified(table), objects.trigger(table, trigger));
}

function deriveRows({ comparison, derived }: ScriptParts, out: StatementList): void {
  const { dialect } = comparison;
  const { quote } = dialect.rules;
  const texts = derivedRows(comparison.definition.mappingVersion, dialect.name);
  const quoted = ({ schema, name }: QualifiedName) => `${quote(schema)}.${quote(name)}`;
  for (const { table, member } of derived.leavers) {
    const id = quote('DocumentId');
    const gone = `SELECT m.${id} FROM ${quoted(member)} AS m`;
    out.add('derived rows', qualified(table), `DELETE FROM ${quoted(table)} WHERE ${id} IN (${gone});`);
  }
  for (const trigger of derived.abstractIdentities)
    out.add('derived rows', qualified(trigger.targetTable), texts.abstractIdentities(trigger));
  const ids = derived.referentialIds.map(({ block }) => block.resourceKeyId);
  const identities = quoted({ schema: 'dms', name: 'ReferentialIdentity' });
  for (const { table } of derived.referentialIds.filter(
    (entry, index, all) => all.findIndex((each) => qualified(each.table) === qualified(entry.table)) === index,
  )) {
    // whatever rows the documents of the table have: also rows of a superclass that it no longer has
    const documents = `SELECT t.${quote('DocumentId')} FROM ${quoted(table)} AS t`;
    out.add(
      'derived rows',
      'dms.ReferentialIdentity',
      `DELETE FROM ${identities} WHERE ${quote('DocumentId')} IN (${documents});`,
    );
  }
  const key = quote('ResourceKeyId');
  for (const { id } of derived.descriptors)
    out.add('derived rows', 'dms.ReferentialIdentity', `DELETE FROM ${identities} WHERE ${key} = ${id};`);
  for (const descriptor of derived.descriptors) {
    const documentId = quote('DocumentId');
    out.add(
      'derived rows',
      'dms.ReferentialIdentity',
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
      out.add('derived rows', 'dms.ReferentialIdentity', texts.referentialIds(block, table));
  if (derived.hierarchy) out.add('derived rows', 'auth', texts.hierarchy(derived.hierarchy));
}

function fingerprint({ comparison }: ScriptParts, out: StatementList): void {
  const { before, after, dialect, statements: objects } = comparison;
  const { quote } = dialect.rules;
  const isSame = before.info.effectiveSchemaHash === after.info.effectiveSchemaHash;
  if (isSame && out.list.length === 0) return;
  out.add('fingerprint', 'dms.DocumentCache', `DELETE FROM ${quote('dms')}.${quote('DocumentCache')};`);
  out.add('fingerprint', 'dms.DocumentCache', ...generations[comparison.definition.mappingVersion].refillCache[dialect.name]);
  // its components are deleted with it
  out.add('fingerprint', 'dms.EffectiveSchema', `DELETE FROM ${quote('dms')}.${quote('EffectiveSchema')};`);
  out.add('fingerprint', 'dms.EffectiveSchema', objects.fingerprint(after.model.effectiveSchema));
}

/** The statements between the preflight and the end of a script, in order (design 12 §5). */
export function upgradeStatements(parts: ScriptParts): readonly UpgradeStatement[] {
  const { comparison, checks, losses } = parts;
  const out = new StatementList();
  if (checks.length + losses.length > 0)
    out.add('checks', 'dms.Document', comparison.dialect.checks(scriptChecks(parts, checks), scriptChecks(parts, losses)));
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
