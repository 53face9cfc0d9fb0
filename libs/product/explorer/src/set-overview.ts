import { append, counted } from '@dms/diagnostics';
import { triggerWords } from '@dms/inventory';
import { type ForeignKeyConstraint, fallbackDecimal } from '@dms/model';
import type { PlainTrigger } from './explored-set.ts';
import type { ExploredTable, ModelLookup } from './model-lookup.ts';
import { type ChangeNode, identityChange } from './sentences/identity-change.ts';
import {
  columnTerm,
  constraintTerm,
  listed,
  type Phrase,
  pathTerm,
  resourceTerm,
  tableTerm,
} from './sentences/phrase.ts';

/** One line of the table of counts; `parts` breaks the number down. */
interface SetCount {
  readonly name: string;
  readonly count: number;
  readonly parts: readonly { readonly name: string; readonly count: number }[];
}

/** The counts of objects in a set: of the model and the inventory, and of core objects of the same kinds. */
export function setCounts({ set, tables, resources, coreTables, trackedTable }: ModelLookup): SetCount[] {
  const trackedTables = coreTables.filter((table) => trackedTable(table));
  const core = coreTables.filter((table) => !trackedTable(table));
  const { indexes, triggers } = set.inventory;
  const columns = tables.flatMap(({ table }) => table.columns);
  const constraints = tables.flatMap(({ table }) => table.constraints);
  const of = (name: string, count: number) => ({ name, count });
  const total = (name: string, parts: SetCount['parts']): SetCount => {
    return {
      name,
      count: parts.reduce((sum, part) => sum + part.count, 0),
      parts: parts.filter(({ count }) => count > 0),
    };
  };
  const kindsOfIndexes = {
    PrimaryKey: 'primary key',
    UniqueConstraint: 'unique',
    ForeignKeySupport: 'foreign-key support',
    Explicit: 'explicit',
    Authorization: 'authorization',
  } as const;
  return [
    total('Resources', [
      of('with tables', resources.filter(({ kind }) => kind === 'concrete').length),
      of('descriptors', resources.filter(({ kind }) => kind === 'descriptor').length),
      of('abstract', resources.filter(({ kind }) => kind === 'abstract').length),
    ]),
    total('Tables', [
      of('roots', tables.filter(({ owner, isRoot }) => owner.kind === 'resource' && isRoot).length),
      of('below a root', tables.filter(({ owner, isRoot }) => owner.kind === 'resource' && !isRoot).length),
      of('abstract identities', tables.filter(({ owner }) => owner.kind === 'abstract').length),
      of('tracked changes', trackedTables.length),
      of('core', core.length),
    ]),
    total('Columns', [
      of('stored', columns.filter(({ storage }) => storage.kind === 'Stored').length),
      of('aliases', columns.filter(({ storage }) => storage.kind === 'UnifiedAlias').length),
      of(
        'tracked changes',
        trackedTables.reduce((sum, table) => sum + table.columns.length, 0),
      ),
      of(
        'core',
        core.reduce((sum, table) => sum + table.columns.length, 0),
      ),
    ]),
    total('Foreign keys', [
      of(
        'that cascade on update',
        constraints.filter((each) => each.kind === 'ForeignKey' && each.onUpdate === 'Cascade').length,
      ),
      of('that do not', constraints.filter((each) => each.kind === 'ForeignKey' && each.onUpdate !== 'Cascade').length),
      of(
        'core',
        coreTables.reduce((sum, table) => sum + table.foreignKeys.length, 0),
      ),
    ]),
    total(
      'Indexes',
      (Object.keys(kindsOfIndexes) as (keyof typeof kindsOfIndexes)[]).map((kind) =>
        of(kindsOfIndexes[kind], indexes.filter((index) => index.kind === kind).length),
      ),
    ),
    total(
      'Triggers',
      (Object.keys(triggerWords) as PlainTrigger['kind'][]).map((kind) =>
        of(triggerWords[kind].name.toLowerCase(), triggers.filter((trigger) => trigger.kind === kind).length),
      ),
    ),
    of1('Shortened names', set.model.shortenedNames.length),
  ];
}

const of1 = (name: string, count: number): SetCount => ({ name, count, parts: [] });

/** A decision of derivation that a schema author may want to know about. */
interface DerivationNote {
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

type OverviewResource = ModelLookup['set']['model']['resources'][number];

/** The digits of the column of a path. */
const decimalOf = ({ tablesInDependencyOrder }: OverviewResource, path: string) =>
  tablesInDependencyOrder
    .flatMap(({ columns }) => columns)
    .find(({ sourcePath, scalarType }) => sourcePath === path && scalarType?.kind === 'Decimal')?.scalarType?.decimal;

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
    for (const { sourcePath, reason } of resource.decimalPrecisionFallbacks) {
      // a reference has the digits of its target
      const { precision, scale } = decimalOf(resource, sourcePath) ?? fallbackDecimal;
      const used = `its column has ${counted(precision, 'digit')}, ${scale} of them behind the point`;
      notes.push({
        topic: 'Decimal precision',
        text: [name, ': the precision of ', pathTerm(sourcePath), ` is ${reason} in the schema; ${used}.`],
      });
    }
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
