import { authTable } from '@dms/inventory';
import type { ForeignKeyConstraint } from '@dms/model';
import type { PlainIndex, PlainTable } from '../explored-set.ts';
import { type ExploredTable, ownerKey } from '../model-lookup.ts';
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

/** Why an index exists: a label and a sentence. */
interface IndexReason {
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

const kindOrder: readonly PlainIndex['kind'][] = [
  'PrimaryKey',
  'UniqueConstraint',
  'ForeignKeySupport',
  'Explicit',
  'Authorization',
];

/** Why an index of the inventory exists (design 05 §2), derived from its table. */
export function indexReason(
  owned: ExploredTable,
  index: PlainIndex,
  served: ReadonlyMap<string, PlainIndex> = indexesOfKeys(owned),
): IndexReason {
  switch (index.kind) {
    case 'PrimaryKey':
      return { label: 'Primary key', sentence: primaryKeySentence(owned) };
    case 'UniqueConstraint':
      return uniqueReason(owned, index);
    case 'ForeignKeySupport':
      return { label: 'Foreign-key support', sentence: supportSentence(owned, index, served) };
    case 'Authorization':
      return { label: 'Authorization', sentence: authorizationSentence(owned, index) };
    case 'Explicit':
      return explicitReason(index);
  }
}

function primaryKeySentence(owned: ExploredTable): Phrase {
  const { table, owner, isRoot } = owned;
  const key = ownerKey(owned);
  if (owner.kind === 'abstract') return ['One row for each document of a member of ', resourceTerm(key), '.'];
  if (isRoot) return ['One row for each document of ', resourceTerm(key), '.'];
  if (!isCollection(owned))
    return ['One row for each document of ', resourceTerm(key), ' that has ', pathTerm(table.jsonScope), '.'];
  const isPlaced = table.key.columns.some(({ role }) => role === 'Ordinal');
  const by = isPlaced ? 'document and position' : 'an id of its own';
  return ['One row for each item of ', pathTerm(table.jsonScope), `, by ${by}.`];
}

/** Whether the rows are items of an array. */
const isCollection = ({ table }: ExploredTable) => /Collection$/.test(table.identity.tableKind);

function uniqueReason(owned: ExploredTable, index: PlainIndex): IndexReason {
  const { table, owner, isRoot, incoming } = owned;
  const documents: Phrase =
    owner.kind === 'abstract'
      ? ['documents of members of ', resourceTerm(ownerKey(owned))]
      : ['documents of ', resourceTerm(ownerKey(owned))];
  const keyColumns = new Set<string>(keyColumnNames(table));
  const { rootLocator, parentLocator } = table.identity;
  // referenced rows have the key: the document of a root, the id of an item
  if (
    isRoot ? index.keyColumns.some((name) => keyColumns.has(name)) : isPrefix(keyColumnNames(table), index.keyColumns)
  ) {
    const pointing = incoming.filter(({ key }) => sameColumns(key.targetColumns, index.keyColumns));
    const keys = counted(pointing.length, 'foreign key');
    const [refer, keep] = pointing.length === 1 ? ['refers', 'keeps'] : ['refer', 'keep'];
    return { label: 'Referenced key', sentence: [`${keys} ${refer} to these columns and ${keep} copies of them.`] };
  }
  if (isRoot)
    return {
      label: 'Natural key',
      sentence: ['No two ', ...documents, ' have equal ', ...columns(index.keyColumns), '.'],
    };
  const locators = new Set([...keyColumns, ...rootLocator, ...parentLocator]);
  const compared = index.keyColumns.filter((column) => !locators.has(column));
  const sentence = [
    'No two items of ',
    pathTerm(table.jsonScope),
    ' in one document have equal ',
    ...columns(compared),
    '.',
  ];
  return { label: 'Unique', sentence };
}

const keyColumnNames = ({ key }: PlainTable): readonly string[] => key.columns.map(({ name }) => name);

const isPrefix = (short: readonly string[], long: readonly string[]) =>
  short.length <= long.length && short.every((column, position) => long[position] === column);

const sameColumns = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && isPrefix(one, other);

const columns = (names: readonly string[]) => listed(names.map(columnTerm));

function supportSentence(
  { foreignKeys }: ExploredTable,
  index: PlainIndex,
  served: ReadonlyMap<string, PlainIndex>,
): Phrase {
  const keys = foreignKeys.filter(({ name }) => served.get(name) === index);
  return ['Serves ', ...listed(keys.map((key) => [constraintTerm(key.name), ' to ', tableTerm(key.targetTable)])), '.'];
}

/** The organizations, namespaces and people of a row decide who may see it (design 15a §1). */
function authorizationSentence({ owner, table }: ExploredTable, { keyColumns, includeColumns }: PlainIndex): Phrase {
  const secured = owner.kind === 'resource' ? owner.resource.securableElements : null;
  const paths = new Set([
    ...(secured?.educationOrganization ?? []).map(({ jsonPath }) => jsonPath),
    ...(secured?.namespace ?? []),
  ]);
  const held = table.columns.flatMap(({ name, storage, sourcePath }) => {
    const stored = storage.kind === 'UnifiedAlias' ? storage.canonicalColumn : name;
    return sourcePath !== null && paths.has(sourcePath) && keyColumns.includes(stored) ? [pathTerm(sourcePath)] : [];
  });
  const holds: Phrase = held.length > 0 ? [', which holds ', ...listed(held)] : [];
  const ways: Phrase =
    includeColumns.length > 0
      ? ['; ', ...columns(includeColumns), ` ${includeColumns.length === 1 ? 'is' : 'are'} stored with it`]
      : [];
  return ['Finds who may see a row, by ', ...columns(keyColumns), ...holds, ...ways, '.'];
}

/**
 * The index that serves each foreign key of a table, by name of the key: the first index that begins with the columns
 * of the key, with constraints before other indexes (design 05 §2.2).
 */
export function indexesOfKeys({
  foreignKeys,
  indexes,
}: Pick<ExploredTable, 'foreignKeys' | 'indexes'>): ReadonlyMap<string, PlainIndex> {
  const candidates = [...indexes].sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind));
  const found = new Map<string, PlainIndex>();
  for (const { name, columns } of foreignKeys) {
    const index = candidates.find(({ keyColumns }) => isPrefix(columns, keyColumns));
    if (index) found.set(name, index);
  }
  return found;
}

/** How a foreign key is served: by an index of its own, or by one that begins with its columns. */
export function keySupport(key: ForeignKeyConstraint, index: PlainIndex): Phrase {
  if (index.kind === 'ForeignKeySupport' && sameColumns(key.columns, index.keyColumns)) return [indexTerm(index.name)];
  return ['covered by ', indexTerm(index.name)];
}

/** The only index outside of the tables of the model: the index of the hierarchy (design 05 §5.4). */
export function explicitReason({ keyColumns, includeColumns, table }: PlainIndex): IndexReason {
  const isHierarchy = table.schema === authTable.schema && table.name === authTable.name;
  const purpose = isHierarchy ? ['Finds the organizations above those in '] : ['Finds rows by '];
  const included: Phrase = includeColumns.length > 0 ? ['; holds ', ...columns(includeColumns), ' beside them'] : [];
  return { label: 'Explicit', sentence: [...purpose, ...columns(keyColumns), ...included, '.'] };
}
