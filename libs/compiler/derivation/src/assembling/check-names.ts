import { resourceLabel } from '@dms/api-schema';
import {
  alternatives,
  type Diagnostic,
  type DiagnosticLocation,
  diagnostic,
  failIfAny,
  forEachReported,
} from '@dms/diagnostics';
import { findCollisions, type NameRegistration, pascalCase } from '@dms/model';
import { type DialectRules, limitIdentifier } from '@dms/sql';
import { compareOrdinal, groupBy } from '@dms/values';
import type { DraftTable } from '../draft/draft-table.ts';
import { type FinishedDraft, relationalResources } from '../draft/model-draft.ts';
import { isUnread } from '../input/insert-schema.ts';
import { failResource } from '../input/resource-entry.ts';
import type { DecidedName, DecidedTable } from './decided-constraints.ts';

/** Checks only tables, views and columns, which exist even if a later pass failed. */
export function checkTableAndColumnNames(draft: FinishedDraft, rules: DialectRules): void {
  const columns = namedTables(draft).flatMap((named) => columnRegistrations(rules, named));
  failIfAny(findCollisions([...tableRegistrations(draft, rules), ...columns], rules.name));
}

interface NamedTable {
  readonly table: DraftTable;
  /** ` (abstract identity)` for abstract identity tables. */
  readonly suffix: string;
}

function namedTables(draft: FinishedDraft): NamedTable[] {
  return [
    ...relationalResources(draft).flatMap((resource) => resource.tables.map((table) => ({ table, suffix: '' }))),
    ...[...draft.abstracts.values()].map(({ table }) => ({ table, suffix: ' (abstract identity)' })),
  ];
}

/**
 * The full-length column names of a table are different, but shortening, or an engine that ignores case, can make two
 * of them equal.
 */
function columnRegistrations(rules: DialectRules, { table, suffix }: NamedTable): NameRegistration[] {
  const columns = [...table.columns.values()].map((column) => ({
    column,
    finalName: limitIdentifier(rules, column.name),
  }));
  if (new Set(columns.map(({ finalName }) => rules.comparedName(finalName))).size === columns.length) return [];
  return columns.map(({ column, finalName }) => ({
    scope: { kind: 'column', schema: table.table.schema, table: table.table.name },
    originalName: column.origin.defaultName,
    finalName,
    describe: () => `column ${table.qualified}.${column.name}${suffix}`,
    label: column.origin.label,
    path: column.origin.path,
  }));
}

function tableRegistrations(draft: FinishedDraft, rules: DialectRules): NameRegistration[] {
  const tables = namedTables(draft).map(({ table, suffix }) => ({
    scope: { kind: 'table' as const, schema: table.table.schema, table: '' },
    originalName: table.origin.defaultName,
    finalName: limitIdentifier(rules, table.table.name),
    describe: () => `table ${table.qualified}${suffix}`,
    label: table.origin.label,
    path: table.origin.path,
  }));
  const views = [...draft.abstracts.values()].map(({ view, entry }) => ({
    scope: { kind: 'table' as const, schema: view.schema, table: '' },
    originalName: view.name,
    finalName: limitIdentifier(rules, view.name),
    describe: () => `view ${view.schema}.${view.name} (abstract union)`,
    label: entry.label,
    path: '$',
  }));
  return [...tables, ...views];
}

/** Schemas, tables, views, columns and constraints with their final names (design 03 §8.2). */
export function checkNameCollisions(
  draft: FinishedDraft,
  rules: DialectRules,
  decided: ReadonlyMap<DraftTable, DecidedTable>,
): void {
  const schemas = draft.entries.projects.map((project) => ({
    scope: { kind: 'schema' as const, schema: '', table: '' },
    originalName: project.physicalSchema,
    finalName: limitIdentifier(rules, project.physicalSchema),
    describe: () => `schema ${project.physicalSchema}`,
    label: project.projectEndpointName,
    path: '',
  }));
  const inTables = namedTables(draft).flatMap((named) => [
    ...columnRegistrations(rules, named),
    ...constraintRegistrations(named, decided.get(named.table)),
  ]);
  failIfAny(findCollisions([...schemas, ...tableRegistrations(draft, rules), ...inTables], rules.name));
}

function constraintRegistrations({ table, suffix }: NamedTable, decided: DecidedTable | undefined): NameRegistration[] {
  const scope = { kind: 'constraint' as const, schema: table.table.schema, table: '' };
  const { label, path } = table.origin;
  const registration = (kind: string, { full, final }: DecidedName, at: string, distinguish: () => string) => ({
    scope,
    originalName: full,
    finalName: final,
    describe: () => `${kind} ${full} on ${table.qualified}${suffix}`,
    label,
    path: at,
    distinguish,
  });
  if (!decided) return [];
  return [
    registration('primary key constraint', decided.primaryKey, path, () => 'PrimaryKey'),
    ...decided.constraints.map(({ constraint, name }) => {
      // a foreign key represents the value of its first column
      const [first] = constraint.kind === 'ForeignKey' ? constraint.columns : [];
      return registration('constraint', name, first?.sourcePath?.canonical ?? path, name.signature);
    }),
  ];
}

/**
 * Refuses a project whose schema exists in every database of the engine, or whose name reads like such a schema:
 * `PHYSICAL_SCHEMA_RESERVED` (design 03 §2.1).
 */
export function checkEngineSchemas(draft: FinishedDraft, { name: dialect, engineSchemas }: DialectRules): void {
  const reserved = new Map(engineSchemas.map((schema) => [lettersAndDigits(schema), schema]));
  failIfAny(
    draft.entries.projects.flatMap(({ projectName, projectEndpointName, physicalSchema }) => {
      const schema = reserved.get(physicalSchema);
      if (schema === undefined) return [];
      const text = `${projectName}: the projectEndpointName "${projectEndpointName}" gives the database schema "${physicalSchema}", but every ${dialect} database has the schema ${schema} already; choose another endpoint name.`;
      const details = { project: projectName, endpoint: projectEndpointName, schema: physicalSchema, engine: dialect };
      return [diagnostic('PHYSICAL_SCHEMA_RESERVED', text, { path: 'projectSchema.projectEndpointName' }, details)];
    }),
  );
}

/**
 * A physical schema has only letters and digits, so it is compared with the letters and digits of engine schemas:
 * `dbowner` matches `db_owner`.
 */
const lettersAndDigits = (name: string) => name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

/**
 * `dms.ResourceKey` has one row per project and resource name, unique by the comparison of texts in the engine. Labels
 * that are equal by this comparison are `RESOURCE_KEY_DUPLICATE` (design 03 §8.4).
 */
export function checkResourceLabels(draft: FinishedDraft, { name: dialect, comparedName }: DialectRules): void {
  const labels = draft.set.info.resourceKeys.map(resourceLabel);
  failIfAny(
    [...groupBy(labels, comparedName).values()]
      .filter((group) => group.length > 1)
      .map((group) => {
        const names = group.sort(compareOrdinal);
        const text = `${names.join(' and ')} are the same resource for ${dialect}, which takes such names for equal; rename one.`;
        const [resource = ''] = names;
        return diagnostic(
          'RESOURCE_KEY_DUPLICATE',
          text,
          { resource },
          { resource, locations: names, engine: dialect },
        );
      }),
  );
}

/** Every override must have been looked up by a pass; an unused one is a typing error (design 02 §14.4). */
export function checkUnusedOverrides(draft: FinishedDraft): void {
  const inputs = [...[...draft.resources.values()].map((base) => ({ base, input: base.input })), ...draft.extensions];
  forEachReported(inputs, ({ base, input }) => {
    const { label, overrides, insertSchema } = input;
    // a value that could not be read may have the path; overrides of the base may have paths of its extensions
    const extensions = input === base.input ? base.extensions : [];
    const schemas = [insertSchema, ...extensions.map((extension) => extension.insertSchema)];
    const isOfUnread = (path: string) => schemas.some((schema) => isUnread(schema, path));
    const unused = [...overrides.byPath.values()]
      .filter((override) => !base.usedOverrides.has(override) && !isOfUnread(override.path.canonical))
      .map(({ rawKey, path }) => ({ rawKey, canonical: path.canonical }));
    const [first] = unused;
    if (!first) return;
    const text = unused.map(({ rawKey, canonical }) => `"${rawKey}" (${canonical})`).join(', ');
    const isThere = insertSchema.nodes.has(first.canonical);
    // otherwise the path itself would be suggested, as the nearest path
    const near = isThere
      ? '; the schema has this path, but no table or column is named after it, so leave the override out'
      : alternatives(first.canonical, insertSchema.nodes.keys());
    const message = `these overrides match nothing: ${text}${unused.length === 1 ? near : '; check the paths'}`;
    failResource('OVERRIDE_UNUSED', label, message, first.canonical, { overrides: unused });
  });
}

/** Letters and digits outside ASCII, which a schema name cannot have. */
const outsideAscii = /[^\P{L}A-Za-z]|[^\P{N}0-9]/u;
/** Letters and digits that take a pair of UTF-16 units. Names are built unit by unit, and lose such letters. */
const outsideBasicPlane = /(?=[\u{10000}-\u{10ffff}])[\p{L}\p{N}]/u;

/** Warns if the name of a schema or table lost letters of its text: `日本` gives `p` (design 03 §2.1, §2.2). */
export function warnOfLostLetters(draft: FinishedDraft): Diagnostic[] {
  const roots = [
    ...[...draft.resources.values()].map(({ entry, rootBaseName }) => ({ entry, result: rootBaseName })),
    ...[...draft.abstracts.values()].map(({ entry, baseName }) => ({ entry, result: baseName })),
  ];
  return [
    ...draft.entries.projects
      .filter(({ projectEndpointName }) => outsideAscii.test(projectEndpointName))
      .map(({ projectName: label, projectEndpointName: original, physicalSchema: result }) =>
        warning({ what: 'schema', original, result, label }, { path: 'projectSchema.projectEndpointName' }),
      ),
    ...roots
      .filter(
        ({ entry, result }) => outsideBasicPlane.test(entry.resourceName) && result === pascalCase(entry.resourceName),
      )
      .map(({ entry: { resourceName: original, label }, result }) =>
        warning({ what: 'table', original, result, label }, { resource: label, path: 'resourceName' }),
      ),
  ];
}

/** A name that was derived from a text of an input file. */
interface CheckedName {
  readonly what: 'schema' | 'table';
  readonly original: string;
  readonly result: string;
  readonly label: string;
}

function warning({ what, original, result, label }: CheckedName, where: DiagnosticLocation): Diagnostic {
  const text = `${label}: "${original}" gives the ${what} "${result}", without the letters that a ${what} name cannot have; choose another name.`;
  return diagnostic('NAME_LETTERS_LOST', text, where, { what, original, result, label, project: label });
}
