import { resourceLabel } from '@dms/api-schema';
import { type DocumentReferenceBinding, qualified } from '@dms/model';
import type { ResourceReadPlan } from '../plan.ts';
import { failPlan, sourceKey } from '../plan-table.ts';

/** Checks the additional rules for read plans of the second generation (design 17 §4.6). */
export function checkReadContract(plan: ResourceReadPlan): void {
  checkSingleDocumentTexts(plan);
  checkLookup(plan);
}

/** Every statement must have a text for a single document. */
function checkSingleDocumentTexts(plan: ResourceReadPlan): void {
  const { model, documentReferenceLookup: lookup } = plan;
  const missing = (index: number, table: string) =>
    failPlan(
      'PLAN_SINGLE_DOCUMENT_SQL',
      model,
      'read',
      `statement ${index} (${table}) has no text for a single document`,
      {
        what: `single-document statement ${index} (${table})`,
        index,
        table,
        expected: 'a statement',
        found: 'none',
      },
    );
  for (const [index, { tableModel, selectBySingleDocumentSql }] of plan.tablePlansInDependencyOrder.entries())
    if (isBlank(selectBySingleDocumentSql)) missing(index, qualified(tableModel.table));
  for (const [index, { selectBySingleDocumentSql }] of plan.descriptorProjectionPlansInOrder.entries())
    if (isBlank(selectBySingleDocumentSql)) missing(index, 'descriptors');
  if (lookup && isBlank(lookup.selectBySingleDocumentSql)) missing(0, 'document references');
}

const isBlank = (sql: string | null) => sql === null || sql.trim() === '';

/** The lookup of documents must read exactly the columns of the references. */
function checkLookup({ model, documentReferenceLookup: lookup, tablePlansInDependencyOrder }: ResourceReadPlan): void {
  const expectEqual = (what: string, index: number, table: string, expected: string, found: string) => {
    if (expected === found) return;
    const text = `look-up of documents: ${what}: expected ${expected}, found ${found}`;
    failPlan('PLAN_LOOKUP_CONTRACT', model, 'read', text, { what, index, table, expected, found });
  };
  const none = '<none>';
  const { documentReferenceBindings: references, resourceKey } = model;
  const presence = (isThere: boolean) => (isThere ? 'one' : none);
  expectEqual('presence', 0, resourceLabel(resourceKey), presence(references.length > 0), presence(lookup !== null));
  if (!lookup) return;
  if (isBlank(lookup.selectByKeysetSql)) expectEqual('statement', 0, resourceLabel(resourceKey), 'a statement', none);
  const { documentIdOrdinal, documentUuidOrdinal, resourceKeyIdOrdinal } = lookup.resultShape;
  const shape = [documentIdOrdinal, documentUuidOrdinal, resourceKeyIdOrdinal].join(', ');
  expectEqual('result shape', 0, resourceLabel(resourceKey), '0, 1, 2', shape);
  const seen = new Set<string>();
  const due = new Set(references.map(placeOf));
  for (const [index, source] of lookup.sourcesInOrder.entries()) {
    const place = placeOf(source);
    const table = qualified(source.table);
    const owner = tablePlansInDependencyOrder.find(({ tableModel }) => qualified(tableModel.table) === table);
    const column = owner?.tableModel.columns.find(({ name }) => name === source.fkColumn);
    expectEqual(`kind of ${place}`, index, table, 'DocumentFk', column?.kind ?? none);
    if (seen.has(place)) expectEqual(`source ${index}`, index, table, 'distinct sources', `${place} twice`);
    if (!due.has(place)) expectEqual(`source ${index}`, index, table, 'the column of a reference', place);
    seen.add(place);
  }
  const lost = references.find((reference) => !seen.has(placeOf(reference)));
  if (lost)
    expectEqual(
      `source of ${lost.referenceObjectPath.canonical}`,
      seen.size,
      qualified(lost.table),
      placeOf(lost),
      none,
    );
}

const placeOf = ({ table, fkColumn }: Pick<DocumentReferenceBinding, 'table' | 'fkColumn'>) =>
  sourceKey(table, fkColumn);
