import { diagnostic } from '@dms/diagnostics';
import { failResource } from '../input/resource-entry.ts';
import { constraintName } from '../naming/constraint-name.ts';
import type { PropagationPolicy } from '../propagation/propagation.ts';
import { findCascadeCycle } from './cascade-cycle.ts';
import { transitivelyMutableResources } from './identity-mutable.ts';
import { prunedCascades } from './prune-cascades.ts';
import { type CascadeEdge, cascadeCandidates } from './update-cascades.ts';

function refuseCycle(edges: readonly CascadeEdge[]): void {
  const cycle = findCascadeCycle(edges);
  if (!cycle) return;
  const tables = cycle.map(({ qualified }) => qualified);
  const closing = edges.find(({ target, receiver }) => target === cycle.at(-1) && receiver === cycle[0]) as CascadeEdge;
  const { resource, binding } = closing.key;
  const text = `on SQL Server a change of identity would travel in a circle: ${[...tables, tables[0]].join(' → ')}; only version v1 of the mapping can store such a schema there`;
  failResource('MSSQL_CASCADE_CYCLE', resource.label, text, binding.referenceObjectPath.canonical, { tables });
}

function noteOf({ key, target, receiver, constraint }: CascadeEdge) {
  const { label } = key.resource;
  const name = constraintName(receiver, constraint);
  const text = `${label}: on SQL Server the key ${name} of ${receiver.qualified} to ${target.qualified} does not cascade; another key moves the columns that they share.`;
  const details = { receiver: receiver.qualified, target: target.qualified, key: name };
  return diagnostic('PROPAGATION_CUT', text, { resource: label, path: key.binding.referenceObjectPath.canonical }, details);
}

/**
 * SQL Server (design 15 §9.3): the candidates cascade but for those that pruning cuts; a note per cut. Throws `MSSQL_CASCADE_CYCLE`,
 * `MSSQL_CASCADE_UNSAFE`.
 */
export const propagateMssql: PropagationPolicy = (draft) => {
  const candidates = cascadeCandidates(draft, transitivelyMutableResources(draft));
  refuseCycle(candidates.edges);
  const cut = prunedCascades(candidates);
  const [kept, pruned] = [candidates.edges.filter((edge) => !cut.has(edge)), candidates.edges.filter((edge) => cut.has(edge))];
  return {
    cascades: new Set(kept.map(({ constraint }) => constraint)),
    deferrable: new Set(),
    fallbacks: [],
    notes: pruned.map(noteOf),
  };
};
