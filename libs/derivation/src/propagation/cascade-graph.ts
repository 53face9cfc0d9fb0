import { compareBy } from '@dms/canonical-json';
import type { ColumnMapping } from '@dms/model';
import { identityProjection } from '../draft/draft-identity.ts';
import type { DraftTable } from '../draft/draft-table.ts';
import { DraftResource, type ModelDraft, type ReferenceKey, relationalResources } from '../draft/model-draft.ts';
import { labelOf } from './identity-mutable.ts';
import { type MaintenanceEdge, maintenanceEdges } from './maintenance-edges.ts';

/** A reference key whose target can change its identity, as an edge from target to receiver (design 11 §3.1). */
export interface CandidateEdge {
  readonly key: ReferenceKey;
  readonly target: DraftTable;
  readonly receiver: DraftTable;
  readonly baseName: string;
  /** Target and local storage column of the key without the document id. */
  readonly pairs: readonly ColumnMapping[];
  readonly isRequired: boolean;
  readonly isAbstractTarget: boolean;
  /** Local columns that are paired with a changing column of the target. */
  readonly changing: ReadonlySet<string>;
}

export interface CascadeGraph {
  /** In edge order: receiver schema, receiver table, base name of the key. */
  readonly edges: readonly CandidateEdge[];
  readonly preference: readonly CandidateEdge[];
  readonly maintenance: readonly MaintenanceEdge[];
  /** Identity columns of the roots whose own identity may be updated: where every change begins. */
  readonly origins: readonly { readonly table: DraftTable; readonly column: string }[];
}

function changingColumns(
  origins: CascadeGraph['origins'],
  flows: readonly { source: DraftTable; target: DraftTable; mappings: readonly ColumnMapping[] }[],
): Map<DraftTable, Set<string>> {
  const flowsFrom = new Map<DraftTable, (typeof flows)[number][]>();
  for (const flow of flows) flowsFrom.set(flow.source, [...(flowsFrom.get(flow.source) ?? []), flow]);
  const changing = new Map<DraftTable, Set<string>>();
  const queue = [...origins];
  for (let place = queue.pop(); place; place = queue.pop()) {
    const columns = changing.get(place.table) ?? new Set();
    if (columns.has(place.column)) continue;
    columns.add(place.column);
    changing.set(place.table, columns);
    for (const { target, mappings } of flowsFrom.get(place.table) ?? []) {
      for (const mapping of mappings)
        if (mapping.sourceColumn === place.column) queue.push({ table: target, column: mapping.targetColumn });
    }
  }
  return changing;
}

/** The candidate edges of a model with what the selection compares them by. */
export function cascadeGraph(draft: ModelDraft, mutable: ReadonlySet<string>): CascadeGraph {
  const maintenance = maintenanceEdges(draft, mutable);
  const origins = relationalResources(draft)
    .filter((resource) => resource.input.allowIdentityUpdates)
    .flatMap((resource) => identityProjection(resource).map((column) => ({ table: resource.root, column })));
  const bare = draft.referenceKeys
    .filter((key) => mutable.has(labelOf(key.target.resource)))
    .map((key) => ({
      key,
      target: key.target.table,
      receiver: key.receiver,
      baseName: key.constraint.name,
      pairs: key.constraint.columns
        .slice(1)
        .map((local, index) => ({ sourceColumn: key.constraint.targetColumns[index + 1] as string, targetColumn: local })),
      isRequired: key.binding.isRequired,
      isAbstractTarget: !(key.target.resource instanceof DraftResource),
    }));
  const changing = changingColumns(origins, [
    ...bare.map(({ target, receiver, pairs }) => ({ source: target, target: receiver, mappings: pairs })),
    ...maintenance,
  ]);
  const edges: CandidateEdge[] = bare
    .map((edge) => ({
      ...edge,
      changing: new Set(
        edge.pairs
          .filter(({ sourceColumn }) => changing.get(edge.target)?.has(sourceColumn))
          .map(({ targetColumn }) => targetColumn),
      ),
    }))
    .sort(
      compareBy(
        (edge) => edge.receiver.table.schema,
        (edge) => edge.receiver.table.name,
        (edge) => edge.baseName,
      ),
    );
  const position = new Map(edges.map((edge, index) => [edge, index]));
  const preference = [...edges].sort(
    (a, b) =>
      Number(b.isRequired) - Number(a.isRequired) ||
      b.changing.size - a.changing.size ||
      Number(a.isAbstractTarget) - Number(b.isAbstractTarget) ||
      (position.get(a) ?? 0) - (position.get(b) ?? 0),
  );
  return { edges, preference, maintenance, origins };
}
