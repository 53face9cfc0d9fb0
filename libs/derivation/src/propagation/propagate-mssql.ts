import { diagnostic } from '@dms/diagnostics';
import type { ModelDraft } from '../draft/model-draft.ts';
import { referenceBaseNameOf, referenceForeignKeyName } from '../naming/constraint-name.ts';
import { type CandidateEdge, cascadeGraph } from './cascade-graph.ts';
import { selectCascades } from './select-cascades.ts';

function note(
  draft: ModelDraft,
  edge: CandidateEdge,
  code: 'PROPAGATION_COVERED' | 'PROPAGATION_FALLBACK',
  text: string,
  extra: Record<string, string>,
): void {
  const { label } = edge.key.resource;
  const details = { receiver: edge.receiver.qualified, target: edge.target.qualified, key: edge.baseName, ...extra };
  const message = `${label}: on SQL Server the key ${edge.baseName} of ${edge.receiver.qualified} to ${edge.target.qualified} ${text}.`;
  draft.notes.push(
    diagnostic(code, message, { resource: label, path: edge.key.binding.referenceObjectPath.canonical }, details),
  );
}

const fallbackReasons = {
  cycle: 'would close a cycle of cascades',
  convergence: 'would be a second cascade path that no other key covers',
  late: 'would be checked before a trigger has moved its columns',
} as const;

/**
 * SQL Server (design 11 §3): cascades where they form neither a cycle nor a second path; otherwise another cascade moves the
 * columns (covered), or the key is reduced to the document id and a trigger moves them (fallback). Adds a note per such key.
 */
export function propagateMssql(draft: ModelDraft, mutable: ReadonlySet<string>): void {
  const graph = cascadeGraph(draft, mutable);
  const outcomes = selectCascades(graph);
  for (const edge of graph.edges) {
    const outcome = outcomes.get(edge);
    const { constraint } = edge.key;
    if (outcome?.kind === 'cascade') constraint.onUpdate = 'Cascade';
    else if (outcome?.kind === 'covered') {
      note(draft, edge, 'PROPAGATION_COVERED', `does not cascade: ${outcome.by.baseName} moves its columns`, {
        coveredBy: outcome.by.baseName,
      });
    } else if (outcome?.kind === 'fallback') {
      note(
        draft,
        edge,
        'PROPAGATION_FALLBACK',
        `is reduced to the document id, because it ${fallbackReasons[outcome.reason]}; a trigger moves its columns`,
        {
          reason: outcome.reason,
        },
      );
      constraint.columns = constraint.columns.slice(0, 1);
      constraint.targetColumns = constraint.targetColumns.slice(0, 1);
      constraint.name = referenceForeignKeyName(edge.receiver.table.name, referenceBaseNameOf(edge.key.binding.fkColumn), 1);
      draft.fallbacks.push({
        target: edge.target,
        receiver: edge.receiver,
        receiverFkColumn: edge.key.binding.fkColumn,
        columnMappings: edge.pairs,
      });
    }
  }
}
