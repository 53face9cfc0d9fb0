import { type Connection, type Limits, rowsOf, run } from '@dms/databases';
import { descriptorReferentialId, descriptorUri } from '@dms/documents';
import { core, qualified } from '@dms/model';
import { empty, type PlainSql } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import type { CheckedSet } from '../checked-set.ts';
import { isFresh } from './cached-documents.ts';
import type { DataFindingKind, DocumentCheck, DocumentFinding } from './data-finding.ts';
import { eachPage, FoundDocuments, pageSize, type StoredIds, sameIds } from './document-pages.ts';
import type { JoinedTable, PageOfDocuments, PageRow } from './row-dialect.ts';
import { namesOf, rowDialects } from './row-dialects.ts';
import { bothValues, combinedTestimony, idsConfirm, type Testimony, type Verdict, verdictOf } from './witnesses.ts';

/*
 * A row of dms.Descriptor is redundant: `Uri` is made from its namespace and code value, so the three count as one
 * source. Its resource is that of the document, and the referential id, if one is stored, is the hash of all of this.
 * Columns are rewritten if the id confirms the others; the id is rewritten if other documents confirm the row. Without
 * ids, the columns and cached documents are witnesses of each other.
 */

/** A descriptor whose columns agree with each other, but whose referential id is the hash of another text. */
interface SuspectDescriptor {
  readonly namespace: string;
  readonly codeValue: string;
}

/** Reads evidence about descriptors from one kind of rows, by document id. */
export type DescriptorWitness = (
  connection: Connection,
  input: CheckedSet,
  suspects: ReadonlyMap<string, SuspectDescriptor>,
  limits: Limits,
) => Promise<ReadonlyMap<string, Testimony>>;

/** Judges the rows of a page. */
type Judge = (
  connection: Connection,
  input: CheckedSet,
  rows: readonly PageRow[],
  limits: Limits,
) => Promise<readonly DescriptorVerdict[]>;

/** Adds the contradictions of a row to the findings of a check. */
function addContradictions(
  found: FoundDocuments,
  row: PageRow,
  verdict: DescriptorVerdict,
  parts: readonly (readonly [DescriptorPart, DataFindingKind])[],
  suspect: Verdict = 'undecided',
): void {
  for (const [part, kind] of parts) {
    const own = verdict[part] ?? suspect;
    if (own === 'right') continue;
    const example = own === 'repairable' ? row.uuid : bothValues(row.uuid, ...sides(part, row, verdict));
    found.add(kind, own === 'repairable', example);
  }
}

/** The findings about rows of dms.Descriptor. */
function findingsOf(found: FoundDocuments): readonly DocumentFinding[] {
  const table = qualified(core.descriptor);
  return found.findings(table).map((finding) => ({ ...finding, table }));
}

/**
 * Finds descriptors whose columns or referential ids contradict each other.
 *
 * @param witnesses sources about descriptors whose columns agree but whose id is the hash of another text
 */
export function descriptorRows(ids: StoredIds, witnesses: readonly DescriptorWitness[]): DocumentCheck {
  return {
    async find(connection, input, limits) {
      const keys = keysOf(input);
      const found = new FoundDocuments();
      const page = pageIn(input, ids);
      const suspects = await judgeSuspects(connection, input, { page, witnesses }, limits);
      await eachPage(connection, page, limits, async (rows) => {
        for (const row of rows)
          addContradictions(found, row, verdictOfRow(row, keys), [...ofRow, ...ofIds], suspects.get(row.documentId));
      });
      return findingsOf(found);
    },
    repairColumns: (connection, input, limits) =>
      repairRows(connection, input, { page: pageIn(input, ids), judge: judgeByIds }, limits),
    async wrongIds(connection, input, limits) {
      const page = pageIn(input, ids);
      const keys = keysOf(input);
      const suspects = await judgeSuspects(connection, input, { page, witnesses }, limits);
      return [
        (onWrong) =>
          eachPage(connection, page, limits, async (rows) =>
            onWrong(
              rows.flatMap((row) => {
                const { identity, expected } = verdictOfRow(row, keys);
                const own = identity ?? suspects.get(row.documentId);
                return own === 'repairable' ? [{ documentId: row.documentId, expected }] : [];
              }),
            ),
          ),
      ];
    },
  };
}

const judgeByIds: Judge = async (_connection, input, rows) => {
  const keys = keysOf(input);
  return rows.map((row) => verdictOfRow(row, keys));
};

/**
 * Finds descriptors whose columns contradict each other, without referential ids (design 09c §4). Of the resource key of
 * the document, that of the row and the name in it, two that agree are the witness of the third; a cached document that
 * is as new as its document is the witness of the texts.
 */
export const descriptorContradictions: DocumentCheck = {
  async find(connection, input, limits) {
    const found = new FoundDocuments();
    await eachPage(connection, pageIn(input, null), limits, async (rows) => {
      const verdicts = await judgeByColumns(connection, input, rows, limits);
      for (const [index, row] of rows.entries()) {
        const verdict = verdicts[index];
        if (verdict) addContradictions(found, row, verdict, ofRow);
      }
    });
    return findingsOf(found);
  },
  repairColumns: (connection, input, limits) =>
    repairRows(connection, input, { page: pageIn(input, null), judge: judgeByColumns }, limits),
  wrongIds: async () => [],
};

const judgeByColumns: Judge = async (connection, input, rows, limits) => {
  const keys = keysOf(input);
  const texts = new Map(
    rows.flatMap(({ documentId, values: { Namespace, CodeValue, Uri } }) => {
      const own = { namespace: Namespace ?? '', codeValue: CodeValue ?? '' };
      return Uri === descriptorUri(own) ? [] : [[documentId, own] as const];
    }),
  );
  const said = texts.size === 0 ? new Map() : await freshDescriptors(connection, input, texts, limits);
  return rows.map(({ documentId, resourceKeyId, values }): DescriptorVerdict => {
    const made = descriptorUri({ namespace: values.Namespace ?? '', codeValue: values.CodeValue ?? '' });
    const own = values.ResourceKeyId ?? resourceKeyId;
    const isOfDocument = own === resourceKeyId;
    // a table without the resource key of its rows has no second witness of the name
    const isConfirmed = values.ResourceKeyId === resourceKeyId;
    const isNamedBy = (key: string) => keys.get(key)?.resourceName === values.Discriminator;
    const resourceName = keys.get(resourceKeyId)?.resourceName ?? '';
    // a name that both keys have says nothing about them
    const isNameOfDocument = isNamedBy(resourceKeyId) && !isNamedBy(own);
    return {
      uri: values.Uri === made ? 'right' : verdictOf(said.get(documentId) ?? silent),
      discriminator: isNamedBy(resourceKeyId) ? 'right' : isConfirmed ? 'repairable' : 'undecided',
      resource: isOfDocument ? 'right' : isNameOfDocument ? 'repairable' : 'undecided',
      identity: 'right',
      expected: [],
      made,
      resourceName,
    };
  });
};

const silent: Testimony = { confirmed: false, contradicted: false };

type DescriptorPart = 'discriminator' | 'uri' | 'resource' | 'identity';

/** The values of the two sides of a part. */
function sides(
  part: DescriptorPart,
  { values, resourceKeyId, stored }: PageRow,
  verdict: DescriptorVerdict,
): readonly [string, string] {
  switch (part) {
    case 'discriminator':
      return [values.Discriminator ?? '', verdict.resourceName];
    case 'uri':
      return [values.Uri ?? '', verdict.made];
    case 'resource':
      return [values.ResourceKeyId ?? '', resourceKeyId];
    case 'identity':
      return [stored.join(', '), verdict.expected.join(', ')];
  }
}

type Keys = ReadonlyMap<string, { readonly id: number; readonly projectName: string; readonly resourceName: string }>;

const keysOf = ({ model }: CheckedSet): Keys =>
  new Map(model.effectiveSchema.resourceKeys.map((key) => [String(key.id), key]));

/** The rows of dms.Descriptor and their ids, or only the rows if no ids are stored. */
const pageIn = (input: CheckedSet, ids: StoredIds | null) => pageOf(input, ids?.of(input.model.dialect) ?? null);

/** The page query of the compared columns: the second generation also stores the resource key. */
function pageOf({ catalog }: CheckedSet, stored: PlainSql | null): PageOfDocuments {
  const table = catalog.tables.find((each) => qualified(each) === qualified(core.descriptor));
  const columns = ['Namespace', 'CodeValue', 'Uri', 'Discriminator', 'ResourceKeyId'];
  const own = columns.filter((name) => table?.columns.some((column) => column.name === name));
  return { table: core.descriptor, columns: own, stored };
}

/** The verdicts about descriptors whose id only other documents can confirm, from the evidence of these documents. */
async function judgeSuspects(
  connection: Connection,
  input: CheckedSet,
  { page, witnesses }: { readonly page: PageOfDocuments; readonly witnesses: readonly DescriptorWitness[] },
  limits: Limits,
): Promise<ReadonlyMap<string, Verdict>> {
  const keys = keysOf(input);
  const suspects = new Map<string, SuspectDescriptor>();
  await eachPage(connection, page, limits, async (rows) => {
    for (const row of rows) {
      const { Namespace: namespace, CodeValue: codeValue } = row.values;
      if (verdictOfRow(row, keys).identity === null)
        suspects.set(row.documentId, { namespace: namespace ?? '', codeValue: codeValue ?? '' });
    }
  });
  if (suspects.size === 0) return new Map();
  const said = await Promise.all([...witnesses.map((ask) => ask(connection, input, suspects, limits))]);
  return new Map(
    [...suspects.keys()].map((id) => [
      id,
      verdictOf(combinedTestimony(said.flatMap((testimonies) => testimonies.get(id) ?? []))),
    ]),
  );
}

function verdictOfRow({ values, resourceKeyId, stored }: PageRow, keys: Keys): DescriptorVerdict {
  const made = descriptorUri({ namespace: values.Namespace ?? '', codeValue: values.CodeValue ?? '' });
  const uri = values.Uri ?? '';
  const key = keys.get(resourceKeyId);
  const idOf = (text: string) => (key === undefined ? [] : [`${descriptorReferentialId(key, text)} ${key.id}`]);
  const isConfirmed = (text: string) => key !== undefined && sameIds(idOf(text), stored);
  const isOfKey = values.Discriminator === key?.resourceName;
  const isOfDocument = (values.ResourceKeyId ?? resourceKeyId) === resourceKeyId;
  // the hash ignores letter case, so it cannot say which of two spellings is right
  const differs = uri.toLowerCase() !== made.toLowerCase();
  const isKeyConfirmed = isConfirmed(made) || isConfirmed(uri);
  const byKey = (isRight: boolean): Verdict => (isRight ? 'right' : isKeyConfirmed ? 'repairable' : 'undecided');
  const expected = idOf(made);
  const identity = (): Verdict | null => {
    if (isKeyConfirmed) return 'right';
    if (uri !== made || !isOfKey || !isOfDocument) return 'undecided';
    return idsConfirm(expected, stored) ? 'repairable' : null;
  };
  return {
    uri: uri === made ? 'right' : differs && isConfirmed(made) ? 'repairable' : 'undecided',
    discriminator: byKey(isOfKey),
    resource: byKey(isOfDocument),
    identity: identity(),
    expected,
    made,
    resourceName: key?.resourceName ?? '',
  };
}

/** Rewrites the columns that witnesses determine. */
async function repairRows(
  connection: Connection,
  input: CheckedSet,
  { page, judge }: { readonly page: PageOfDocuments; readonly judge: Judge },
  limits: Limits,
): Promise<void> {
  const dialect = rowDialects[connection.dialect];
  const { sql, literal, id, joined } = namesOf(dialect);
  const ofDocument: JoinedTable = { table: core.document, alias: sql`d`, on: sql`d.${id} = t.${id}` };
  const ofKey: JoinedTable = {
    table: core.resourceKey,
    alias: sql`k`,
    on: sql`k."ResourceKeyId" = d."ResourceKeyId"`,
  };
  const made = [sql`t."Namespace"`, literal('#'), sql`t."CodeValue"`];
  const values = {
    discriminator: { column: 'Discriminator', value: sql`k."ResourceName"` },
    resource: { column: 'ResourceKeyId', value: sql`d."ResourceKeyId"` },
    uri: { column: 'Uri', value: joined(made) },
    // a text that no descriptor has
    noUri: {
      column: 'Uri',
      value: joined([literal('repair:'), dialect.rules.text(sql`t.${id}`, 'bigint')]),
    },
  };
  const write = async (parts: readonly (keyof typeof values)[], ids: readonly string[]) => {
    if (ids.length === 0) return;
    const update = dialect.update({
      table: core.descriptor,
      assignments: parts.map((part) => values[part]),
      from: [ofDocument, ofKey],
      where: dialect.rules.among(sql`t.${id}`, ids, 'bigint'),
    });
    // the document did not change, so it gets no stamp
    await run(connection, dialect.triggers(core.descriptor, false), limits);
    await run(connection, update, limits);
    await run(connection, dialect.triggers(core.descriptor, true), limits);
  };
  // the resource first: a foreign key may refuse any other change of a row whose resource key does not exist
  const parts = ['resource', 'discriminator', 'uri'] as const;
  const wrongIds: Readonly<Record<(typeof parts)[number], string[]>> = { resource: [], discriminator: [], uri: [] };
  // two rows may have exchanged values of a key: all give up their texts before one of them gets its own
  await eachPage(connection, page, limits, async (rows) => {
    const verdicts = await judge(connection, input, rows, limits);
    const judged = rows.flatMap(({ documentId }, index) => {
      const verdict = verdicts[index];
      const repaired = verdict ? parts.filter((part) => verdict[part] === 'repairable') : [];
      return verdict && repaired.length > 0 ? [{ documentId, verdict, repaired }] : [];
    });
    const moved = judged.filter(({ verdict }) => verdict.uri !== 'undecided');
    for (const { documentId, repaired } of judged) for (const part of repaired) wrongIds[part].push(documentId);
    for (const { documentId, verdict } of moved) if (verdict.uri === 'right') wrongIds.uri.push(documentId);
    const idsWhere = (hasWrongResource: boolean) =>
      moved.flatMap(({ documentId, verdict }) =>
        (verdict.resource === 'repairable') === hasWrongResource ? [documentId] : [],
      );
    await write(['resource', 'noUri'], idsWhere(true));
    await write(['noUri'], idsWhere(false));
  });
  for (const part of parts) for (const some of chunk(wrongIds[part], pageSize)) await write([part], some);
}

/** A server caches documents of descriptors, too; such a document has the texts of the time when it was cached. */
export const cachedDescriptors: DescriptorWitness = (connection, _input, suspects, limits) =>
  readCached(connection, suspects, null, limits);

/** Only cached documents that are as new as their document. */
const freshDescriptors: DescriptorWitness = (connection, input, suspects, limits) =>
  readCached(connection, suspects, isFresh(input, rowDialects[connection.dialect]), limits);

async function readCached(
  connection: Connection,
  suspects: ReadonlyMap<string, SuspectDescriptor>,
  isFresh: PlainSql | null,
  limits: Limits,
): Promise<ReadonlyMap<string, Testimony>> {
  const { rules, longText } = rowDialects[connection.dialect];
  const { sql } = rules;
  const condition = isFresh === null ? empty : sql` AND ${isFresh}`;
  const rows = await rowsOf<{ id: string; document: string }>(
    connection,
    sql`SELECT ${rules.text(sql`t."DocumentId"`, 'bigint')} AS id, ${longText(sql`t."DocumentJson"`)} AS document FROM ${core.documentCache} AS t INNER JOIN ${core.document} AS d ON d."DocumentId" = t."DocumentId" WHERE ${rules.among(sql`t."DocumentId"`, [...suspects.keys()], 'bigint')}${condition}`,
    limits,
  );
  return new Map(
    rows.flatMap((row): (readonly [string, Testimony])[] => {
      const suspect = suspects.get(row.id);
      const { namespace, codeValue }: { namespace?: unknown; codeValue?: unknown } = JSON.parse(row.document);
      if (suspect === undefined || namespace === undefined || codeValue === undefined) return [];
      const isSame = namespace === suspect.namespace && codeValue === suspect.codeValue;
      return [[row.id, { confirmed: isSame, contradicted: !isSame }]];
    }),
  );
}

/** The verdict on each part of a row, and the values that other rows require. */
interface DescriptorVerdict {
  readonly uri: Verdict;
  readonly discriminator: Verdict;
  readonly resource: Verdict;
  /** Null if the columns agree but the id is that of another text: then only other documents can decide. */
  readonly identity: Verdict | null;
  /** `id resourceKeyId`, as the row requires. */
  readonly expected: readonly string[];
  /** The Uri that the namespace and code value make. */
  readonly made: string;
  /** The name of the resource of the document. */
  readonly resourceName: string;
}

const ofRow = [
  ['discriminator', 'discriminator'],
  ['uri', 'descriptorUri'],
  ['resource', 'descriptorResource'],
] as const;

const ofIds = [['identity', 'referentialIdentity']] as const;

/** The descriptors whose texts may be wrong: their columns or their referential id contradict each other. */
export async function doubtfulDescriptors(
  connection: Connection,
  input: CheckedSet,
  ids: StoredIds,
  limits: Limits,
): Promise<ReadonlySet<string>> {
  const keys = keysOf(input);
  const found = new Set<string>();
  await eachPage(connection, pageIn(input, ids), limits, async (rows) => {
    for (const row of rows) {
      const { uri, identity } = verdictOfRow(row, keys);
      if (uri === 'undecided' || identity === 'undecided' || identity === null) found.add(row.documentId);
    }
  });
  return found;
}
