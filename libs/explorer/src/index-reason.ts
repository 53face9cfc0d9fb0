import { authTable } from '@dms/inventory';
import type { ForeignKeyConstraint } from '@dms/model';
import { type ExploredTable, ownerKey } from './model-lookup.ts';
import {
  columnTerm,
  constraintTerm,
  counted,
  indexTerm,
  listed,
  type Phrase,
  pathTerm,
  resourceTerm,
  tableTerm,
} from './phrase.ts';
import type { DbIndex } from './plain-artifacts.ts';

/** Why an index exists: what it is called here, and a sentence. */
export interface IndexReason {
  readonly label:
    | 'Primary key'
    | 'Natural key'
    | 'Referenced key'
    | 'Unique'
    | 'Foreign-key support'
    | 'Explicit'
    | 'Authorization';
  readonly sentence: Phrase;
}

const isPrefix = (short: readonly string[], long: readonly string[]) =>
  short.length <= long.length && short.every((column, position) => long[position] === column);

const sameColumns = (one: readonly string[], other: readonly string[]) => one.length === other.length && isPrefix(one, other);

const kindOrder: readonly DbIndex['kind'][] = [
  'PrimaryKey',
  'UniqueConstraint',
  'ForeignKeySupport',
  'Explicit',
  'Authorization',
];

/**
 * The index that serves each foreign key of a table, by name of the key: the first one whose leading columns are those of the
 * key, the constraints of the table before its other indexes (design 05 §2.2).
 */
export function indexesOfKeys({
  foreignKeys,
  indexes,
}: Pick<ExploredTable, 'foreignKeys' | 'indexes'>): ReadonlyMap<string, DbIndex> {
  const candidates = [...indexes].sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind));
  const found = new Map<string, DbIndex>();
  for (const { name, columns } of foreignKeys) {
    const index = candidates.find(({ keyColumns }) => isPrefix(columns, keyColumns));
    if (index) found.set(name, index);
  }
  return found;
}

/** How a foreign key is served: by an index of its own, or by one that begins with its columns. */
export function keySupport(key: ForeignKeyConstraint, index: DbIndex): Phrase {
  if (index.kind === 'ForeignKeySupport' && sameColumns(key.columns, index.keyColumns)) return [indexTerm(index.name)];
  return ['covered by ', indexTerm(index.name)];
}

const columns = (names: readonly string[]) => listed(names.map(columnTerm));

function primaryKeySentence(owned: ExploredTable): Phrase {
  const { table, owner, isRoot } = owned;
  const key = ownerKey(owned);
  if (owner.kind === 'abstract') return ['One row for each document of a member of ', resourceTerm(key), '.'];
  if (isRoot) return ['One row for each document of ', resourceTerm(key), '.'];
  const isItem = table.key.columns.some(({ role }) => role === 'Ordinal');
  if (!isItem) return ['One row for each document of ', resourceTerm(key), ' that has ', pathTerm(table.jsonScope), '.'];
  return ['One row for each item of ', pathTerm(table.jsonScope), ', by document and position.'];
}

function uniqueReason(owned: ExploredTable, index: DbIndex): IndexReason {
  const { table, owner, isRoot, incoming } = owned;
  const documents: Phrase =
    owner.kind === 'abstract'
      ? ['documents of members of ', resourceTerm(ownerKey(owned))]
      : ['documents of ', resourceTerm(ownerKey(owned))];
  const keyColumns = new Set<string>(table.key.columns.map(({ name }) => name));
  if (isRoot && keyColumns.has(index.keyColumns[0] ?? '')) {
    const pointing = incoming.filter(({ key }) => sameColumns(key.targetColumns, index.keyColumns));
    const copies = counted(pointing.length, 'foreign key');
    return {
      label: 'Referenced key',
      sentence: [`${copies} from other tables refer to these columns and keep copies of them.`],
    };
  }
  if (isRoot)
    return { label: 'Natural key', sentence: ['No two ', ...documents, ' have equal ', ...columns(index.keyColumns), '.'] };
  const compared = index.keyColumns.filter((column) => !keyColumns.has(column));
  const sentence = ['No two items of ', pathTerm(table.jsonScope), ' in one document have equal ', ...columns(compared), '.'];
  return { label: 'Unique', sentence };
}

function supportSentence({ foreignKeys }: ExploredTable, index: DbIndex, served: ReadonlyMap<string, DbIndex>): Phrase {
  const keys = foreignKeys.filter(({ name }) => served.get(name) === index);
  return ['Serves ', ...listed(keys.map((key) => [constraintTerm(key.name), ' to ', tableTerm(key.targetTable)])), '.'];
}

/** Why an index of the inventory exists (design 05 §2), from the table that has it. */
export function indexReason(
  owned: ExploredTable,
  index: DbIndex,
  served: ReadonlyMap<string, DbIndex> = indexesOfKeys(owned),
): IndexReason {
  switch (index.kind) {
    case 'PrimaryKey':
      return { label: 'Primary key', sentence: primaryKeySentence(owned) };
    case 'UniqueConstraint':
      return uniqueReason(owned, index);
    case 'ForeignKeySupport':
      return { label: 'Foreign-key support', sentence: supportSentence(owned, index, served) };
    case 'Authorization':
      return { label: 'Authorization', sentence: explicitReason(index).sentence };
    case 'Explicit':
      return explicitReason(index);
  }
}

/** The one index that no table of the model has: of the hierarchy (design 05 §5.4). */
export function explicitReason({ keyColumns, includeColumns, table }: DbIndex): IndexReason {
  const isHierarchy = table.schema === authTable.schema && table.name === authTable.name;
  const purpose = isHierarchy ? ['Finds the organizations above those in '] : ['Finds rows by '];
  const included: Phrase = includeColumns.length > 0 ? ['; holds ', ...columns(includeColumns), ' beside them'] : [];
  return { label: 'Explicit', sentence: [...purpose, ...columns(keyColumns), ...included, '.'] };
}
