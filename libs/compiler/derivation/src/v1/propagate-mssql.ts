import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import type { DraftForeignKey } from '../draft/draft-table.ts';
import type { PropagationPolicy } from '../propagation/propagation.ts';
import { identityMutableResources } from './identity-mutable.ts';
import { type CandidateEdge, cascadeGraph, selectCascades } from './select-cascades.ts';

const fallbackReasons = {
  cycle: 'would close a cycle of cascades',
  convergence: 'would be a second cascade path that no other key covers',
  late: 'would be checked before a trigger has updated its columns',
} as const;

/**
 * SQL Server (design 11 §3): a key cascades if this forms neither a cycle nor a second path; otherwise another cascade
 * changes the columns (covered), or the key is reduced to the document id and a trigger updates them (fallback). Adds a
 * note for each key that does not cascade.
 */
export const propagateMssql: PropagationPolicy = (draft) => {
  const graph = cascadeGraph(draft, identityMutableResources(draft));
  const outcomes = selectCascades(graph);
  const cascades = new Set<DraftForeignKey>();
  const fallbacks: CandidateEdge[] = [];
  const notes: Diagnostic[] = [];
  for (const edge of graph.edges) {
    const outcome = outcomes.get(edge);
    if (outcome?.kind === 'cascade') cascades.add(edge.key.constraint);
    else if (outcome?.kind === 'covered') {
      const by = outcome.by.baseName;
      notes.push(note(edge, 'PROPAGATION_COVERED', `does not cascade: ${by} updates its columns`, { coveredBy: by }));
    } else if (outcome?.kind === 'fallback') {
      const { reason } = outcome;
      const text = `is reduced to the document id, because it ${fallbackReasons[reason]}; a trigger updates its columns`;
      notes.push(note(edge, 'PROPAGATION_FALLBACK', text, { reason }));
      fallbacks.push(edge);
    }
  }
  return { cascades, deferrable: new Map(), fallbacks, notes };
};

function note(
  edge: CandidateEdge,
  code: 'PROPAGATION_COVERED' | 'PROPAGATION_FALLBACK',
  text: string,
  extra: Record<string, string>,
): Diagnostic {
  const { label } = edge.key.resource;
  const details = { receiver: edge.receiver.qualified, target: edge.target.qualified, key: edge.baseName, ...extra };
  const message = `${label}: on SQL Server the key ${edge.baseName} of ${edge.receiver.qualified} to ${edge.target.qualified} ${text}.`;
  return diagnostic(code, message, { resource: label, path: edge.key.binding.referenceObjectPath.canonical }, details);
}
