import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { dialectRules } from '@dms/sql';
import { compareBy, compareOrdinal, groupBy } from '@dms/values';

const namedKinds = ['schema', 'table', 'column', 'constraint', 'index', 'trigger'] as const;

export type NamedKind = (typeof namedKinds)[number];

/** The scope in which a name must be unique; empty texts if the scope has no schema or table. */
interface NameScope {
  readonly kind: NamedKind;
  readonly schema: string;
  readonly table: string;
}

/** An identifier with its final name and its origin. */
export interface NameRegistration {
  readonly scope: NameScope;
  readonly originalName: string;
  readonly finalName: string;
  readonly label: string;
  readonly path: string;
  /** Describes the owner of the name; called only if the name is not unique. */
  readonly describe: () => string;
  /** Distinguishes origins with equal description, label and path: the meaning of a constraint. */
  readonly distinguish?: () => string;
}

const stageNames = {
  pgsql: 'AfterDialectShortening(Pgsql:63-bytes)',
  mssql: 'AfterDialectShortening(Mssql:128-chars)',
} as const;

/**
 * Reports every final name that several origins share in one scope, by the engine's comparison of names, in one
 * `NAME_COLLISION` that does not depend on the order of registration (design 03 §8.2). Returns `[]` if all names are
 * distinct.
 */
export function findCollisions(
  registrations: readonly NameRegistration[],
  dialect: keyof typeof stageNames,
): Diagnostic[] {
  const { comparedName } = dialectRules[dialect];
  // names that are globally unique are unique in each scope
  if (new Set(registrations.map(({ finalName }) => comparedName(finalName))).size === registrations.length) return [];
  const groups = groupBy(registrations, ({ scope: { kind, schema, table }, finalName }) =>
    [kind, schema, table, comparedName(finalName)].join('\n'),
  );
  const collisions = [...groups.values()]
    .filter((group) => group.length > 1 && new Set(group.map(identityOf)).size > 1)
    .map((group) => group.sort(compareBy(({ finalName }) => finalName)))
    .sort((a, b) => {
      const x = a[0] as NameRegistration;
      const y = b[0] as NameRegistration;
      return (
        namedKinds.indexOf(x.scope.kind) - namedKinds.indexOf(y.scope.kind) ||
        compareOrdinal(x.scope.schema, y.scope.schema) ||
        compareOrdinal(x.scope.table, y.scope.table) ||
        compareOrdinal(x.finalName, y.finalName)
      );
    });
  if (collisions.length === 0) return [];
  const stage = stageNames[dialect];
  const details = collisions.map((group) => {
    const first = group[0] as NameRegistration;
    // entries that agree in everything are one name that was registered twice
    const distinct = new Map(group.map((entry) => [identityOf(entry), entry]));
    const sources = [...distinct.values()]
      .sort(
        compareBy(
          (entry) => entry.originalName,
          (entry) => entry.describe(),
          (entry) => entry.label,
          (entry) => entry.path,
        ),
      )
      .map((entry) => `${entry.originalName} -> ${entry.finalName} (${origin(entry)})`);
    return { kind: first.scope.kind, location: location(first.scope), name: first.finalName, sources };
  });
  const texts = details.map(
    ({ kind, location: place, name, sources }) => `${kind} name ${name} in ${place}: ${sources.join('; ')}`,
  );
  const text = `${stage}: different things have one name; rename one with relational overrides.\n${texts.join('\n')}`;
  const labels = [...new Set(collisions.flatMap((group) => group.map(({ label }) => label)))].sort(compareOrdinal);
  const [last] = (collisions[0] ?? [])
    .toSorted(
      compareBy(
        ({ label }) => label,
        ({ path }) => path,
      ),
    )
    .reverse();
  // the label of a schema is not a resource
  const where = last?.label.includes(':') ? { resource: last.label, path: last.path } : {};
  return [diagnostic('NAME_COLLISION', text, where, { stage, collisions: details, labels })];
}

const identityOf = (entry: NameRegistration) => `${origin(entry)}\n${entry.distinguish?.() ?? ''}`;

const origin = ({ describe, label, path }: NameRegistration) =>
  [describe(), label, path].filter((part) => part !== '').join(' ');

function location({ schema, table }: NameScope): string {
  if (table !== '') return `table '${schema}.${table}'`;
  return schema === '' ? 'database' : `schema '${schema}'`;
}
