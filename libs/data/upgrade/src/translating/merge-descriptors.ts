import { resourceLabel } from '@dms/api-schema';
import { type Connection, rowsOf, run } from '@dms/databases';
import { counted, fail, mostExamples } from '@dms/diagnostics';
import { core, modelIndex, qualified, type RelationalModelSet } from '@dms/model';
import { dialectOf } from '@dms/sql';
import type { TranslatedDocuments } from '@dms/translation';
import { groupBy } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import type { ComparedSet } from '../comparing/compared-set.ts';
import type { DocumentsInPlace } from './read-and-translate.ts';
import { translatingSql } from './translating-sql.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/*
 * Descriptors that become one because their namespaces become one (design 12a §6): before any name changes, references
 * to the descriptors that go are redirected to the descriptor that stays. The triggers of the earlier set give the
 * documents new versions.
 */

/** How many descriptors are looked for together. */
const mostDescriptors = 1_000;

/** Redirects references from the descriptors that go to those that stay. */
export async function mergeDescriptors(
  connection: Connection,
  before: ComparedSet,
  translation: UpgradeTranslation,
  translated: DocumentsInPlace,
): Promise<void> {
  if (translation.compiled.rules.translation.namespaces.length === 0) return;
  const merged = mergedDescriptors(translation, translated);
  if (merged.length === 0) return;
  await expectDistinct(connection, before, translation, translated);
  const isWritten = writtenColumns(before, translation);
  const holders = before.catalog.tables.flatMap((table) => {
    const columns = table.foreignKeys.flatMap(({ target, columns: [column, ...others] }) =>
      qualified({ schema: target.schema, name: target.table }) === qualified(core.descriptor) &&
      others.length === 0 &&
      column !== undefined
        ? [column]
        : [],
    );
    return columns.map((column) => ({ table, column }));
  });
  const held = new Set(holders.map(({ table, column }) => `${qualified(table)}.${column}`));
  // both ends of a reference change, one after the other
  const keys = before.catalog.tables.flatMap((table) =>
    table.foreignKeys
      .filter(
        ({ columns, deferrable }) =>
          columns.length > 1 && !deferrable && columns.some((column) => held.has(`${qualified(table)}.${column}`)),
      )
      .map(({ name }) => ({ table, name })),
  );
  const { sql, id, given, updateFrom } = dialectOf[connection.dialect];
  const around = translatingSql[connection.dialect].withoutKeys(keys);
  for (const statement of around.before) await run(connection, statement);
  for (const part of chunk(merged, mostDescriptors)) {
    const from = given(
      part.map(({ goes, stays }) => ({ goes, stays })),
      [
        ['goes', 'bigint'],
        ['stays', 'bigint'],
      ],
      'w',
    );
    for (const { table, column } of holders) {
      if (isWritten(qualified(table), column)) continue;
      const on = sql`t.${id(column)} = w."goes"`;
      await run(connection, updateFrom({ table, set: [[column, sql`w."stays"`]], from, on }));
    }
  }
  for (const statement of around.after) await run(connection, statement);
}

interface Merged {
  readonly goes: string;
  readonly stays: string;
}

/** The descriptors of the database that go, each with the one that stays. */
function mergedDescriptors({ compiled }: UpgradeTranslation, translated: DocumentsInPlace): readonly Merged[] {
  const found: Merged[] = [];
  for (const [earlier, stored] of groupBy(translated.descriptors, ({ resource }) => resource)) {
    if (new Set(stored.map(({ referentialId }) => referentialId)).size === stored.length) continue;
    const staying = new Set<number>();
    for (const { uuid } of translated.documents(compiled.rules.resource(earlier).later)) {
      const id = translated.ids.get(uuid ?? '');
      if (id !== undefined) staying.add(id);
    }
    const idsByName = new Map(
      stored.flatMap(({ id, referentialId }) => (staying.has(id) ? [[referentialId, id] as const] : [])),
    );
    for (const { id, referentialId } of stored) {
      const stays = staying.has(id) ? undefined : idsByName.get(referentialId);
      // a descriptor that is rejected may have a name of its own
      if (stays !== undefined) found.push({ goes: String(id), stays: String(stays) });
    }
  }
  return found;
}

const keysOf = ({ effectiveSchema }: RelationalModelSet, isWanted: (label: string) => boolean) =>
  effectiveSchema.resourceKeys.flatMap((key) =>
    isWanted(resourceLabel(key)) ? [[resourceLabel(key), key.id] as const] : [],
  );

/**
 * Refuses documents that become one because their descriptors become one, if their rows stay: documents that refer to
 * them are not written again.
 */
async function expectDistinct(
  connection: Connection,
  { model }: ComparedSet,
  { compiled }: UpgradeTranslation,
  translated: TranslatedDocuments,
): Promise<void> {
  const rejected = new Set(
    [...translated.rejects()].flatMap((rejects) =>
      rejects.some(({ part }) => part === null) ? [translated.earlier(rejects[0].source).uuid] : [],
    ),
  );
  const { sql, literal, text } = dialectOf[connection.dialect];
  const earlier = keysOf(model, (label) => compiled.renamed.has(compiled.rules.resource(label).later));
  for (const [label, key] of earlier) {
    const later = compiled.rules.resource(label).later;
    const rows = await rowsOf<{ uuid: string }>(
      connection,
      sql`SELECT ${text(sql`"DocumentUuid"`, 'uuid')} AS uuid FROM ${core.document} WHERE "ResourceKeyId" = ${literal(key)}`,
    );
    const uuids = new Set(rows.map(({ uuid }) => uuid));
    for (const { uuid } of translated.documents(later)) uuids.delete(uuid ?? '');
    const gone = [...uuids].filter((uuid) => !rejected.has(uuid));
    if (gone.length === 0) continue;
    const documents = gone.slice(0, mostExamples);
    const names = [...documents, ...(gone.length > mostExamples ? ['…'] : [])].join(', ');
    const message = `${later}: ${counted(gone.length, 'document becomes one', 'documents become one')} with another of the database (${names}), because their descriptors do, which an upgrade in place cannot do. Let one of them name another descriptor, or load the documents into a new database.`;
    fail('UPGRADE_ROWS_OBJECT', message, { resource: later }, { count: gone.length, documents });
  }
}

/** The columns that hold parts of the identities of united resources, whose rows are all written again. */
function writtenColumns(before: ComparedSet, { compiled }: UpgradeTranslation) {
  const isUnited = (label: string) => {
    const { later } = compiled.rules.resource(label);
    return compiled.united.has(later) && !compiled.renamed.has(later);
  };
  const index = modelIndex(before.model);
  const united = new Set([...index.resources.keys()].filter(isUnited));
  for (const { resourceKey, superclass } of before.model.resources)
    if (superclass && united.has(resourceLabel(resourceKey))) united.add(resourceLabel(superclass.resource));
  const tables = new Set<string>(index.tables.flatMap(({ key, label }) => (united.has(label) ? [key] : [])));
  const columns = new Set<string>();
  for (const { documentReferenceBindings } of before.model.resources)
    for (const { table, targetResource, identityBindings } of documentReferenceBindings)
      if (united.has(resourceLabel(targetResource)))
        for (const { column } of identityBindings) columns.add(`${qualified(table)}.${column}`);
  return (table: string, column: string) => tables.has(table) || columns.has(`${table}.${column}`);
}
