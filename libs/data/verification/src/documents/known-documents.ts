import { resourceLabel } from '@dms/api-schema';
import { writeGroups } from '@dms/documents';
import { modelIndex, mustExist, type RelationalModelSet } from '@dms/model';
import { reportingScript, tableLabel, usualOptions } from '@dms/ods';
import { dialectOf, textOf } from '@dms/sql';
import { groupBy, sha256Hex } from '@dms/values';
import type { ShapeKeys } from '../shapes/known-shapes.ts';
import type { VerificationInput } from '../verification-input.ts';

/** The resources whose documents and views are tried, and what a run that passes has proved. */
export interface TriedDocuments {
  /** The resources that no earlier run has proved, and those to which their documents may refer, by label. */
  readonly resources: ReadonlySet<string>;
  /** The number of resources that an earlier run has proved. */
  readonly known: number;
  readonly keys: readonly string[];
}

const { sql } = dialectOf.pgsql;

/** The end of a statement on PostgreSQL, or a string or comment, in which a semicolon ends none. */
const endOrText = /\$(\w*)\$[\s\S]*?\$\1\$|'[^']*'|--.*|;/g;

const quotedName = /"[^"]+"\."[^"]+"/g;

/** The table and the function of a trigger. */
const trigger = /^CREATE OR REPLACE TRIGGER [^;]*?\sON ("[^"]+"\."[^"]+")[^;]*?\sEXECUTE FUNCTION ("[^"]+"\."[^"]+")/gm;

/**
 * Chooses the resources whose documents and views no earlier run has proved (design 09b §2.6). A key is the hash of all
 * that they depend on, besides the keys of the set: the model of the resource, the abstract resources and resource keys,
 * the statements of script and views that name one of its tables, their functions or the table of an abstract resource to
 * which it refers, those that name none of any resource, and its tables of an ODS, with the targets of their keys.
 *
 * @param random random documents per resource
 */
export function documentsToTry(
  { model, script, ods }: VerificationInput,
  random: number,
  keys: ShapeKeys | undefined,
): TriedDocuments {
  const labelled = modelIndex(model).relational.map(
    (resource) => [resourceLabel(resource.resourceKey), resource] as const,
  );
  if (keys === undefined) return { resources: new Set(labelled.map(([label]) => label)), known: 0, keys: [] };
  const parts = new Map<string, string[]>(labelled.map(([label, resource]) => [label, [JSON.stringify(resource)]]));
  const owners = new Map(
    labelled.flatMap(([label, { tablesInDependencyOrder }]) =>
      tablesInDependencyOrder.map(({ table }) => [textOf(sql`${table}`), [label]]),
    ),
  );
  for (const [, table = '', routine = ''] of script.matchAll(trigger))
    owners.set(routine, [...(owners.get(routine) ?? []), ...(owners.get(table) ?? [])]);
  const referrers = groupBy(
    labelled.flatMap(([label, { documentReferenceBindings }]) =>
      documentReferenceBindings.map(({ targetResource }) => ({ label, target: resourceLabel(targetResource) })),
    ),
    ({ target }) => target,
  );
  const referringTo = new Map(
    model.abstractIdentityTables.map(({ resourceKey, table: { table } }) => [
      textOf(sql`${table}`),
      referrers.get(resourceLabel(resourceKey))?.map(({ label }) => label) ?? [],
    ]),
  );
  const views = ods && reportingScript(ods, model, usualOptions);
  const viewOf = new Map<string, string>();
  const shared: string[] = [];
  const texts = `${script}\n${views?.text ?? ''}`.replaceAll(model.effectiveSchema.effectiveSchemaHash, '');
  for (const text of statementsOf(texts)) {
    const names = text.match(quotedName) ?? [];
    viewOf.set(names[0] ?? '', text);
    const labels = new Set(names.flatMap((name) => owners.get(name) ?? []));
    if (labels.size === 0) shared.push(text);
    // what a member writes to an abstract resource may show only in documents that refer to it
    else for (const label of names.flatMap((name) => referringTo.get(name) ?? [])) labels.add(label);
    for (const label of labels) parts.get(label)?.push(text);
  }
  const targetOf = new Map(
    ods?.tables.map((table, index) => {
      const name = mustExist(views?.names[index], 'the view of a table');
      return [tableLabel(table), [table, viewOf.get(textOf(sql`${name}`))]] as const;
    }),
  );
  for (const table of ods?.tables ?? []) {
    const targets = table.foreignKeys.map((key) => targetOf.get(tableLabel(key.targetTable)));
    for (const { resource } of table.sources)
      parts.get(resourceLabel(resource))?.push(JSON.stringify([table, targets]));
  }
  const { abstractUnionViews, abstractIdentityTables, effectiveSchema } = model;
  const ofAll = sha256Hex(
    JSON.stringify([random, shared, abstractUnionViews, abstractIdentityTables, effectiveSchema.resourceKeys]),
  );
  const keyOf = new Map([...parts].map(([label, of]) => [label, keys.ofDocuments(JSON.stringify([ofAll, of]))]));
  const unknown = [...keyOf].flatMap(([label, key]) => (keys.isKnown(key) ? [] : [label]));
  const known = parts.size - unknown.length;
  return { resources: withTargets(model, unknown), known, keys: [...keyOf.values()] };
}

/** The statements of a text on PostgreSQL, with their semicolons; the last one may have none. */
function statementsOf(text: string): readonly string[] {
  const ends = [...text.matchAll(endOrText)].flatMap(({ 0: found, index }) => (found === ';' ? [index + 1] : []));
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

/** Resources, and all to which their documents may refer. */
function withTargets(model: RelationalModelSet, labels: readonly string[]): ReadonlySet<string> {
  const groups = writeGroups(model);
  const wanted = new Set(labels);
  // a group comes after those to which it refers
  for (const group of groups.toReversed()) {
    if (!group.labels.some((label) => wanted.has(label))) continue;
    const targets = group.after.flatMap((position) => groups[position]?.labels ?? []);
    for (const label of [...group.labels, ...targets]) wanted.add(label);
  }
  return wanted;
}
