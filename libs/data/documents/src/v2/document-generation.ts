import { arrayDepth } from '@dms/api-schema';
import { mustExist, qualified, type Table, type TreeTable } from '@dms/model';
import { isMergeTable } from '@dms/plans';
import { isJsonArray, isJsonObject, type JsonValue } from '@dms/values';
import type { DescriptorRules, DocumentGeneration } from '../document-generation.ts';
import { storedTexts } from '../identity/referential-id.ts';
import type { ShapeRules, UniquePart, UniqueShape } from '../resource-shape.ts';
import { descriptorColumns } from '../statements/document-statements.ts';
import { storedDescriptorIds, storedReferentialIds } from '../statements/identity-statements.ts';
import { readingRulesV2 } from './reading-rules.ts';
import { valueRulesV2 } from './table-rows.ts';
import { writingRulesV2 } from './writing-rules.ts';

/** The semantic identity of the items within a parent (design 17 §7.1). */
function uniquesOf({ table, leaves, references }: TreeTable): UniqueShape[] {
  const { identity, constraints, jsonScope } = table;
  const columns = [...new Set(identity.semanticIdentity.map(({ column }) => column))];
  if (!isMergeTable(table) || columns.length === 0) return [];
  const parts = new Map<string, UniquePart>();
  for (const { slot, columns: own } of leaves) for (const { name } of own) parts.set(name, { kind: 'leaf', slot });
  for (const { binding, index } of references) parts.set(binding.fkColumn, { kind: 'reference', index });
  const unique = [...identity.parentLocator, ...columns];
  const constraint = constraints.find(
    (each) =>
      each.kind === 'Unique' &&
      each.columns.length === unique.length &&
      unique.every((name) => each.columns.includes(name)),
  );
  const depth = arrayDepth(jsonScope);
  const parents = Array.from({ length: depth - 1 }, (_, index): UniquePart => ({ kind: 'ordinal', depth: index }));
  const values = columns.map((name) => mustExist(parts.get(name), `the value of ${qualified(table.table)}.${name}`));
  return [{ name: constraint?.name ?? table.table.name, absent: 'equal', parts: [...parents, ...values] }];
}

/** Whether a member of an extension object is a value (including null), or an object with a value. */
function isValue(member: JsonValue): boolean {
  if (isJsonArray(member)) return false;
  return isJsonObject(member) ? [...member.values()].some(isValue) : true;
}

const mayMakeNoRow = ({ identity: { tableKind } }: Table): boolean =>
  tableKind === 'RootExtension' || tableKind === 'CollectionExtensionScope';

/** The semantic identity distinguishes items; an extension object without values has no row (design 17 §7.1). */
const shapeRulesV2: ShapeRules = {
  parentOf({ identity, constraints }, positions) {
    const [locator] = identity.parentLocator;
    for (const constraint of constraints) {
      if (constraint.kind !== 'ForeignKey' || constraint.onDelete !== 'Cascade' || constraint.columns[0] !== locator)
        continue;
      const position = positions.get(qualified(constraint.targetTable));
      if (position !== undefined) return position === 0 ? null : position;
    }
    return null;
  },
  uniquesOf,
  mayMakeNoRow,
  makesRow: (table, members, hasRowsBelow) => !mayMakeNoRow(table) || hasRowsBelow || isValue(members),
  showsEmptyExtensions: false,
};

/**
 * The row mirrors the resource key. A trigger stamps the document, and an update also changes the letter case (design
 * 17 §7.7).
 */
const descriptorRulesV2: DescriptorRules = {
  columns: [
    ...descriptorColumns,
    {
      name: 'ResourceKeyId',
      type: 'smallint',
      mssqlType: 'smallint',
      of: ({ resourceKeyId }) => String(resourceKeyId),
    },
  ],
  update: { writesUri: true, stampsDocument: false },
  identities: storedDescriptorIds,
  repeatsDocument: true,
};

/** Documents whose rows keep their ids (design 17 §7). */
export const documentGenerationV2: DocumentGeneration = {
  shape: shapeRulesV2,
  reading: readingRulesV2,
  writing: writingRulesV2,
  descriptors: descriptorRulesV2,
  identities: ({ dialect }) => storedReferentialIds[dialect],
  texts: storedTexts,
  textsInMemory: null,
  values: valueRulesV2,
  tracksChanges: true,
};
