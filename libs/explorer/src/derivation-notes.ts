import { append } from '@dms/diagnostics';
import type { ForeignKeyConstraint } from '@dms/model';
import { type ChangeNode, identityChange } from './identity-change.ts';
import type { ExploredTable, ModelLookup } from './model-lookup.ts';
import { columnTerm, constraintTerm, listed, type Phrase, pathTerm, resourceTerm, tableTerm } from './phrase.ts';

/** A decision of derivation that a schema author may want to know about. */
export interface DerivationNote {
  readonly topic: string;
  readonly text: Phrase;
}

function* coveredKeys(
  node: ChangeNode,
): Generator<{ readonly from: ExploredTable; readonly key: ForeignKeyConstraint }> {
  if (node.edge?.kind === 'covered') yield { from: node.table, key: node.edge.key };
  for (const child of node.children) yield* coveredKeys(child);
}

/** Keys without a cascade, because a cascade of the same row updates their columns (design 11 §3.2). */
function coveredNotes(lookup: ModelLookup): DerivationNote[] {
  const found = new Map<ForeignKeyConstraint, ExploredTable>();
  for (const table of lookup.tables) {
    if (!table.incoming.some(({ key }) => key.onUpdate === 'Cascade')) continue;
    for (const { from, key } of coveredKeys(identityChange(lookup, table).root)) found.set(key, from);
  }
  return [...found].map(([key, from]) => ({
    topic: 'Key covered by a cascade',
    text: [
      constraintTerm(key.name),
      ' of ',
      tableTerm(from.table.table),
      ' to ',
      tableTerm(key.targetTable),
      ' does not cascade: another key of the row updates its columns.',
    ],
  }));
}

/**
 * The notes about a set that follow from the model: propagation, unification, precision of decimals, shared descriptor
 * keys.
 */
export function derivationNotes(lookup: ModelLookup): DerivationNote[] {
  const { model } = lookup.set;
  const notes: DerivationNote[] = model.propagationFallbacks.map((edge) => ({
    topic: 'Propagation by trigger',
    text: [
      'The key in ',
      columnTerm(edge.receiverFkColumn),
      ' of ',
      tableTerm(edge.receiverTable),
      ' cannot cascade; a trigger of ',
      tableTerm(edge.targetTable),
      ' copies ',
      ...listed(edge.columnMappings.map(({ sourceColumn }) => columnTerm(sourceColumn))),
      ' instead.',
    ],
  }));
  append(notes, coveredNotes(lookup));
  for (const resource of model.resources) {
    const name = resourceTerm(resource.resourceKey);
    const { ignored, skipped } = resource.keyUnificationDiagnostics;
    for (const { endpointAPath, endpointBPath } of ignored)
      notes.push({
        topic: 'Equality across tables',
        text: [
          name,
          ': ',
          pathTerm(endpointAPath),
          ' equals ',
          pathTerm(endpointBPath),
          ', but in another table; no column is shared.',
        ],
      });
    for (const { sourcePath, targetPath } of skipped)
      notes.push({
        topic: 'Equality without a column',
        text: [name, ': ', pathTerm(sourcePath), ' equals ', pathTerm(targetPath), ', but not both have a column.'],
      });
    for (const { sourcePath, reason } of resource.decimalPrecisionFallbacks)
      notes.push({
        topic: 'Decimal precision',
        text: [name, ': the precision of ', pathTerm(sourcePath), ` is ${reason} in the schema; the default is used.`],
      });
    for (const { table, storageColumn, bindingColumns } of resource.descriptorFkDeduplications)
      notes.push({
        topic: 'Shared descriptor key',
        text: [
          tableTerm(table),
          ': one key on ',
          columnTerm(storageColumn),
          ' serves ',
          ...listed(bindingColumns.map((column) => columnTerm(column))),
          '.',
        ],
      });
  }
  return notes;
}
