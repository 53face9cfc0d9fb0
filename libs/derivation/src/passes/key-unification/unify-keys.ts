import { compareBy, compareOrdinal } from '@dms/canonical-json';
import { forEachReported } from '@dms/diagnostics';
import type { KeyUnificationDiagnostics } from '@dms/model';
import type { DraftColumn, DraftTable } from '../../draft/draft-table.ts';
import type { DraftBinding, DraftResource, SetDraft } from '../../draft/model-draft.ts';
import { failResource } from '../../input/resource-entry.ts';
import { booleanType } from '../../input/scalar-type.ts';
import { nullOrTrueName } from '../../naming/constraint-name.ts';
import { buildClasses } from './build-classes.ts';
import { canonicalBaseToken, canonicalColumnName, presenceFlagName, type ReferenceSites } from './canonical-column.ts';
import { type Classification, classifyConstraints, groupedReferenceFields } from './classify.ts';
import { collectEqualityConstraints } from './equality-constraints.ts';

function referenceSites(resource: DraftResource, table: DraftTable): ReferenceSites {
  const sites = new Map<string, DraftBinding>();
  for (const binding of resource.bindings) {
    if (binding.table !== table) continue;
    for (const { referenceJsonPath } of binding.identityBindings) {
      const path = referenceJsonPath.canonical;
      const other = sites.get(path);
      if (other && other.referenceObjectPath.canonical !== binding.referenceObjectPath.canonical) {
        failResource(
          'KU_PATH_IN_TWO_REFERENCES',
          resource.label,
          `${path} of table ${table.qualified} belongs to two references`,
          path,
        );
      }
      sites.set(path, binding);
    }
  }
  return sites;
}

/** Makes one class of a table: a stored canonical column, presence flags where needed, aliases in place of the members. */
function unifyClass(resource: DraftResource, table: DraftTable, members: readonly DraftColumn[], sites: ReferenceSites): void {
  const { label } = resource;
  const first = members[0] as DraftColumn;
  const names = new Set(table.columns.keys());
  const canonical = canonicalColumnName(label, canonicalBaseToken(label, table, first, sites), members, names);
  const origin = (name: string) => ({ defaultName: name, label, path: table.scope.canonical });
  table.addColumn({
    name: canonical,
    kind: first.kind,
    scalarType: first.scalarType,
    isNullable: members.every((member) => member.isNullable),
    sourcePath: null,
    targetResource: first.targetResource,
    storage: { kind: 'Stored' },
    origin: origin(canonical),
  });
  names.add(canonical);
  for (const member of members) {
    const site = sites.get(member.sourcePath?.canonical ?? '');
    let presenceColumn = site?.fkColumn ?? null;
    if (!site && member.isNullable) {
      presenceColumn = presenceFlagName(label, member, names);
      names.add(presenceColumn);
      table.addColumn({
        name: presenceColumn,
        kind: 'Scalar',
        scalarType: booleanType,
        isNullable: true,
        sourcePath: null,
        targetResource: null,
        storage: { kind: 'Stored' },
        origin: origin(presenceColumn),
      });
    }
    member.storage = { kind: 'UnifiedAlias', canonicalColumn: canonical, presenceColumn };
  }
  table.keyUnificationClasses.push({ canonicalColumn: canonical, memberPathColumns: members.map((member) => member.name) });
}

/** The synthetic flags of a table: presence columns that no document path and no reference backs. */
function presenceFlags(table: DraftTable): string[] {
  const flags = new Set<string>();
  for (const { storage } of table.columns.values()) {
    if (storage.kind !== 'UnifiedAlias' || storage.presenceColumn === null) continue;
    if (table.columns.get(storage.presenceColumn)?.kind === 'Scalar') flags.add(storage.presenceColumn);
  }
  return [...flags].sort(compareOrdinal);
}

function report(resource: DraftResource, found: Classification): KeyUnificationDiagnostics {
  const applied = found.applied.map(({ table, ...entry }) => {
    const canonicalColumn = table.storageOf(entry.endpointAColumn);
    if (canonicalColumn === entry.endpointAColumn || canonicalColumn !== table.storageOf(entry.endpointBColumn)) {
      const text = `${entry.endpointAColumn} and ${entry.endpointBColumn} of table ${table.qualified} have no common canonical column`;
      failResource('KU_DIAGNOSTICS_INCONSISTENT', resource.label, text, undefined, {
        columns: [entry.endpointAColumn, entry.endpointBColumn],
      });
    }
    return { ...entry, table: table.table, canonicalColumn };
  });
  return {
    applied: applied.sort(
      compareBy(
        (entry) => entry.endpointAPath.canonical,
        (entry) => entry.endpointBPath.canonical,
        (entry) => entry.table.schema,
        (entry) => entry.table.name,
        (entry) => entry.endpointAColumn,
        (entry) => entry.endpointBColumn,
      ),
    ),
    redundant: [...found.redundant].sort(
      compareBy(
        (entry) => entry.endpointAPath.canonical,
        (entry) => entry.endpointBPath.canonical,
        (entry) => entry.binding.table.schema,
        (entry) => entry.binding.table.name,
        (entry) => entry.binding.column,
      ),
    ),
    ignored: [...found.ignored].sort(
      compareBy(
        (entry) => entry.endpointAPath.canonical,
        (entry) => entry.endpointBPath.canonical,
        (entry) => entry.reason,
        (entry) => entry.endpointABinding.table.schema,
        (entry) => entry.endpointABinding.table.name,
        (entry) => entry.endpointABinding.column,
        (entry) => entry.endpointBBinding.table.schema,
        (entry) => entry.endpointBBinding.table.name,
        (entry) => entry.endpointBBinding.column,
      ),
    ),
    ignoredByReason: found.ignored.length > 0 ? [{ reason: 'cross_table', count: found.ignored.length }] : [],
    skipped: [...found.skipped].sort(
      compareBy(
        (entry) => entry.sourcePath.canonical,
        (entry) => entry.targetPath.canonical,
        (entry) => entry.unresolvedEndpoint,
      ),
    ),
  };
}

function unifyResource(resource: DraftResource): void {
  const constraints = collectEqualityConstraints(resource);
  if (constraints.length === 0 && groupedReferenceFields(resource).length === 0) return;
  const found = classifyConstraints(resource, constraints);
  for (const table of resource.tables) {
    const edges = found.edges.get(table);
    if (!edges) continue;
    const sites = referenceSites(resource, table);
    for (const members of buildClasses(resource.label, table, edges)) unifyClass(resource, table, members, sites);
    table.keyUnificationClasses.sort(compareBy((entry) => entry.canonicalColumn));
    for (const column of presenceFlags(table))
      table.addConstraint({ kind: 'NullOrTrue', name: nullOrTrueName(table.table.name, column), column });
  }
  resource.keyUnificationDiagnostics = report(resource, found);
}

/**
 * Gives columns of one table that must be equal one stored column: the members become generated aliases of it (design 04).
 * The only pass that creates aliases. Adds canonical columns, presence flags, their checks and the report per resource.
 */
export function unifyKeys(draft: SetDraft): void {
  forEachReported(draft.resources.values(), unifyResource);
}
