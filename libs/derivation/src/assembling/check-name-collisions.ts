import { failIfAny } from '@dms/diagnostics';
import { findCollisions, type NameRegistration } from '@dms/model';
import { type DialectRules, limitIdentifier } from '@dms/sql';
import type { DraftTable } from '../draft/draft-table.ts';
import { type FinishedDraft, relationalResources } from '../draft/model-draft.ts';
import type { DecidedName, DecidedTable } from './decided-constraints.ts';

interface NamedTable {
  readonly table: DraftTable;
  /** ` (abstract identity)` for identity tables. */
  readonly suffix: string;
}

function namedTables(draft: FinishedDraft): NamedTable[] {
  return [
    ...relationalResources(draft).flatMap((resource) => resource.tables.map((table) => ({ table, suffix: '' }))),
    ...[...draft.abstracts.values()].map(({ table }) => ({ table, suffix: ' (abstract identity)' })),
  ];
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

/** Only tables, views and columns, which exist even if a later pass failed. */
export function checkTableAndColumnNames(draft: FinishedDraft, rules: DialectRules): void {
  const columns = namedTables(draft).flatMap((named) => columnRegistrations(rules, named));
  failIfAny(findCollisions([...tableRegistrations(draft, rules), ...columns], rules.name));
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
