import type { Faults } from '@dms/diagnostics';
import { compareBy } from '@dms/files';
import { type DraftColumn, type DraftTable, type DraftUnificationClass, storageOf } from '../../draft/draft-table.ts';
import type { DraftBinding, DraftResource, DraftUnificationReport, ModelDraft } from '../../draft/model-draft.ts';
import type { EqualityConstraint } from '../../input/equality-constraints.ts';
import { entryOrder, failResource } from '../../input/resource-entry.ts';
import { booleanType } from '../../input/scalar-type.ts';
import { buildClasses } from './build-classes.ts';
import {
  canonicalBaseToken,
  canonicalColumnName,
  memberPath,
  presenceFlagName,
  type ReferenceSites,
} from './canonical-column.ts';
import { type Classification, classifyConstraints, groupedReferenceFields } from './classify.ts';

/**
 * The equality constraints of a resource and its extensions as one list in resource order; of equal undirected pairs
 * only the first is kept (design 04 §4).
 */
export function collectEqualityConstraints(resource: DraftResource): EqualityConstraint[] {
  const inputs = [resource.input, ...resource.extensions].sort((a, b) => entryOrder(a.entry, b.entry));
  const seen = new Set<string>();
  return inputs
    .flatMap(({ equalityConstraints }) => equalityConstraints)
    .filter(({ source, target }) => {
      const pair = [source.canonical, target.canonical].sort().join('\n');
      if (seen.has(pair)) return false;
      seen.add(pair);
      return true;
    });
}

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

/**
 * Builds one class of a table: a stored canonical column, presence flags where needed, and aliases in place of the
 * members.
 */
function unifyClass(
  { label }: DraftResource,
  table: DraftTable,
  members: readonly DraftColumn[],
  sites: ReferenceSites,
): { readonly unified: DraftUnificationClass; readonly flags: readonly DraftColumn[] } {
  const first = members[0] as DraftColumn;
  const names = new Set<string>(table.columns.keys());
  const addColumn = (
    name: string,
    facts: Pick<DraftColumn, 'kind' | 'scalarType' | 'isNullable' | 'targetResource'>,
  ) => {
    names.add(name);
    const origin = { defaultName: name, label, path: table.scope.canonical };
    return table.addColumn({ name, ...facts, sourcePath: null, storage: { kind: 'Stored' }, origin });
  };
  const canonical = addColumn(
    canonicalColumnName(label, canonicalBaseToken(label, table, first, sites), members, names),
    {
      kind: first.kind,
      scalarType: first.scalarType,
      isNullable: members.every((member) => member.isNullable),
      targetResource: first.targetResource,
    },
  );
  const flags: DraftColumn[] = [];
  for (const member of members) {
    const site = sites.get(memberPath(member));
    let presence = site?.fkColumn ?? null;
    if (!site && member.isNullable) {
      const name = presenceFlagName(label, member, names);
      presence = addColumn(name, { kind: 'Scalar', scalarType: booleanType, isNullable: true, targetResource: null });
      flags.push(presence);
    }
    member.storage = { kind: 'UnifiedAlias', canonical, presence };
  }
  return { unified: { canonical, members }, flags };
}

/** The report of a resource, in its order: by paths, then tables and columns in full names. */
function report(found: Classification): DraftUnificationReport {
  return {
    applied: found.applied
      .map((entry) => ({ ...entry, canonicalColumn: storageOf(entry.endpointAColumn) }))
      .sort(
        compareBy(
          (entry) => entry.endpointAPath.canonical,
          (entry) => entry.endpointBPath.canonical,
          (entry) => entry.table.table.schema,
          (entry) => entry.table.table.name,
          (entry) => entry.endpointAColumn.name,
          (entry) => entry.endpointBColumn.name,
        ),
      ),
    redundant: [...found.redundant].sort(
      compareBy(
        (entry) => entry.endpointAPath.canonical,
        (entry) => entry.endpointBPath.canonical,
        (entry) => entry.binding.table.table.schema,
        (entry) => entry.binding.table.table.name,
        (entry) => entry.binding.column.name,
      ),
    ),
    ignored: [...found.ignored].sort(
      compareBy(
        (entry) => entry.endpointAPath.canonical,
        (entry) => entry.endpointBPath.canonical,
        (entry) => entry.reason,
        (entry) => entry.endpointABinding.table.table.schema,
        (entry) => entry.endpointABinding.table.table.name,
        (entry) => entry.endpointABinding.column.name,
        (entry) => entry.endpointBBinding.table.table.schema,
        (entry) => entry.endpointBBinding.table.table.name,
        (entry) => entry.endpointBBinding.column.name,
      ),
    ),
    skipped: [...found.skipped].sort(
      compareBy(
        (entry) => entry.sourcePath.canonical,
        (entry) => entry.targetPath.canonical,
        (entry) => entry.unresolvedEndpoint,
      ),
    ),
  };
}

function unifyResource(resource: DraftResource, faults: Faults): void {
  const constraints = collectEqualityConstraints(resource);
  if (constraints.length === 0 && groupedReferenceFields(resource).length === 0) return;
  const found = classifyConstraints(resource, constraints, faults);
  faults.forEach(resource.tables, (table) => {
    const edges = found.edges.get(table);
    if (!edges) return;
    const sites = referenceSites(resource, table);
    const classes = buildClasses(resource.label, table, edges, faults).map((members) =>
      unifyClass(resource, table, members, sites),
    );
    table.keyUnificationClasses = classes
      .map(({ unified }) => unified)
      .sort(compareBy(({ canonical }) => canonical.name));
    const flags = classes.flatMap((unified) => unified.flags).sort(compareBy(({ name }) => name));
    for (const column of flags) table.addConstraint({ kind: 'NullOrTrue', column });
  });
  resource.keyUnification = report(found);
}

/**
 * Gives equal columns of a table one stored column, of which they become generated aliases (design 04). Only this pass
 * creates aliases. Adds canonical columns, presence flags, their checks and the report per resource.
 */
export function unifyKeys(draft: ModelDraft): void {
  draft.faults.forEach(draft.resources.values(), (resource) => unifyResource(resource, draft.faults));
}
