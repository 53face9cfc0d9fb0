import { compareBy } from '@dms/files';
import { type DraftColumn, type DraftTable, storageOf } from '../draft/draft-table.ts';
import {
  DraftResource,
  type FinishedDraft,
  labelOf,
  type ReferenceKey,
  relationalResources,
} from '../draft/model-draft.ts';
import { constraintName } from '../naming/constraint-name.ts';
import { type ColumnPair, type MaintenanceEdge, maintenanceEdges } from '../propagation/propagation.ts';

/** A reference key whose target can change its identity, as an edge from target to receiver (design 11 §3.1). */
export interface CandidateEdge {
  readonly key: ReferenceKey;
  readonly target: DraftTable;
  readonly receiver: DraftTable;
  readonly baseName: string;
  /** Target and local storage column of the key without the document id. */
  readonly pairs: readonly ColumnPair[];
  readonly isRequired: boolean;
  readonly isAbstractTarget: boolean;
  /** Local columns paired with a changing column of the target. */
  readonly changing: ReadonlySet<DraftColumn>;
}

export interface CascadeGraph {
  /** In edge order: receiver schema, receiver table, base name of the key. */
  readonly edges: readonly CandidateEdge[];
  readonly preference: readonly CandidateEdge[];
  readonly maintenance: readonly MaintenanceEdge[];
  /** The identity columns of the roots whose identity may be updated: every change begins there. */
  readonly origins: readonly DraftColumn[];
}

/** The columns that a change of an origin may reach. */
function changingColumns(origins: readonly DraftColumn[], pairs: readonly ColumnPair[]): ReadonlySet<DraftColumn> {
  const targetsOf = new Map<DraftColumn, DraftColumn[]>();
  for (const { source, target } of pairs) {
    const targets = targetsOf.get(source);
    if (targets) targets.push(target);
    else targetsOf.set(source, [target]);
  }
  const changing = new Set(origins);
  for (const column of changing) for (const target of targetsOf.get(column) ?? []) changing.add(target);
  return changing;
}

/** The stored columns whose change changes the identity, each once (design 05 §4.2). */
const identityProjection = ({ identity }: DraftResource): readonly DraftColumn[] => [
  ...new Set(identity.map(({ column }) => storageOf(column))),
];

/** The candidate edges of a model with the facts that the selection compares. */
export function cascadeGraph(draft: FinishedDraft, mutable: ReadonlySet<string>): CascadeGraph {
  const maintenance = maintenanceEdges(draft, mutable);
  const origins = relationalResources(draft)
    .filter((resource) => resource.input.allowIdentityUpdates)
    .flatMap(identityProjection);
  const bare = draft.referenceKeys
    .filter((key) => mutable.has(labelOf(key.target.resource)))
    .map((key) => ({
      key,
      target: key.target.table,
      receiver: key.receiver,
      baseName: constraintName(key.receiver, key.constraint),
      pairs: key.constraint.columns
        .slice(1)
        .map((target, index) => ({ source: key.constraint.targetColumns[index + 1] as DraftColumn, target })),
      isRequired: key.binding.isRequired,
      isAbstractTarget: !(key.target.resource instanceof DraftResource),
    }));
  const changing = changingColumns(
    origins,
    [...bare, ...maintenance].flatMap(({ pairs }) => pairs),
  );
  const edges: CandidateEdge[] = bare
    .map((edge) => ({
      ...edge,
      changing: new Set(edge.pairs.filter(({ source }) => changing.has(source)).map(({ target }) => target)),
    }))
    .sort(
      compareBy(
        (edge) => edge.receiver.table.schema,
        (edge) => edge.receiver.table.name,
        (edge) => edge.baseName,
      ),
    );
  // equal ones keep their order
  const preference = [...edges].sort(
    (a, b) =>
      Number(b.isRequired) - Number(a.isRequired) ||
      b.changing.size - a.changing.size ||
      Number(a.isAbstractTarget) - Number(b.isAbstractTarget),
  );
  return { edges, preference, maintenance, origins };
}
