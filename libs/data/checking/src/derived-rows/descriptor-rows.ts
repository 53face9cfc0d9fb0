import { type Connection, type Limits, rowsOf, run } from '@dms/databases';
import { descriptorReferentialId, descriptorUri } from '@dms/documents';
import { core, qualified } from '@dms/model';
import type { PlainSql } from '@dms/sql';
import type { CheckedSet } from '../checked-set.ts';
import type { DocumentCheck } from './data-finding.ts';
import { eachPage, FoundDocuments, type StoredIds, sameIds } from './document-pages.ts';
import type { JoinedTable, PageOfDocuments, PageRow } from './row-dialect.ts';
import { namesOf, rowDialects } from './row-dialects.ts';
import { bothValues, combinedTestimony, idsConfirm, type Testimony, type Verdict, verdictOf } from './witnesses.ts';

/*
 * A row of dms.Descriptor is redundant: `Uri` is made from its namespace and code value, so the three count as one
 * source. Its resource is that of the document, and the referential id, if one is stored, is the hash of all of this.
 * Columns are rewritten if the id confirms the others; the id is rewritten if other documents confirm the row.
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

type DescriptorWitnesses = readonly DescriptorWitness[];

const silentWitnesses: DescriptorWitnesses = [];

/**
 * Finds descriptors whose columns or referential ids contradict each other. Without ids, no row shows which of two
 * columns is wrong.
 *
 * @param witnesses sources about descriptors whose columns agree but whose id is the hash of another text
 */
export function descriptorRows(ids: StoredIds | null, witnesses: DescriptorWitnesses = silentWitnesses): DocumentCheck {
  const parts = ids === null ? ofRow : [...ofRow, ...ofIds];
  const addContradictions = (
    found: FoundDocuments,
    row: PageRow,
    verdict: DescriptorVerdict,
    suspects: ReadonlyMap<string, Verdict>,
  ) => {
    for (const [part, kind] of parts) {
      const own = verdict[part] ?? suspects.get(row.documentId) ?? 'undecided';
      if (own === 'right') continue;
      const example = own === 'repairable' ? row.uuid : bothValues(row.uuid, ...sides(part, row, verdict));
      found.add(kind, own === 'repairable', example);
    }
  };
  return {
    async find(connection, input, limits) {
      const keys = keysOf(input);
      const found = new FoundDocuments();
      const page = pageIn(input, ids);
      const suspects = ids === null ? new Map() : await judgeSuspects(connection, input, { page, witnesses }, limits);
      await eachPage(connection, page, limits, async (rows) => {
        for (const row of rows) addContradictions(found, row, verdictOfRow(row, keys), suspects);
      });
      const table = qualified(core.descriptor);
      return found.findings(table).map((finding) => ({ ...finding, table }));
    },
    repairColumns: (connection, input, limits) => repairRows(connection, input, pageIn(input, ids), limits),
    async wrongIds(connection, input, limits) {
      if (ids === null) return [];
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

type Part = 'discriminator' | 'uri' | 'resource' | 'identity';

/** The values of the two sides of a part. */
function sides(
  part: Part,
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
  { page, witnesses }: { readonly page: PageOfDocuments; readonly witnesses: DescriptorWitnesses },
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

/** Rewrites the columns that the referential id determines. */
async function repairRows(
  connection: Connection,
  input: CheckedSet,
  page: PageOfDocuments,
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
  const keys = keysOf(input);
  const write = async (parts: readonly (keyof typeof values)[], ids: readonly string[]) => {
    if (ids.length === 0) return;
    const update = dialect.update({
      table: core.descriptor,
      assignments: parts.map((part) => values[part]),
      from: [ofDocument, ofKey],
      where: dialect.rules.among(sql`t.${id}`, ids, 'bigint'),
    });
    // the document did not change, so it gets no stamp
    await run(connection, dialect.triggers(core.descriptor, 'DISABLE'), limits);
    await run(connection, update, limits);
    await run(connection, dialect.triggers(core.descriptor, 'ENABLE'), limits);
  };
  // the resource first: a foreign key may refuse any other change of a row whose resource key does not exist
  const parts = ['resource', 'discriminator', 'uri'] as const;
  // two rows may have exchanged values of a key: all give up their texts before one of them gets its own
  await eachPage(connection, page, limits, async (rows) => {
    const moved = rows
      .map((row) => ({ id: row.documentId, verdict: verdictOfRow(row, keys) }))
      .filter(({ verdict }) => verdict.uri !== 'undecided' && parts.some((part) => verdict[part] === 'repairable'));
    const idsWhere = (hasWrongResource: boolean) =>
      moved.flatMap(({ id, verdict }) => ((verdict.resource === 'repairable') === hasWrongResource ? [id] : []));
    await write(['resource', 'noUri'], idsWhere(true));
    await write(['noUri'], idsWhere(false));
  });
  await eachPage(connection, page, limits, async (rows) => {
    const verdicts = rows.map((row) => ({ row, verdict: verdictOfRow(row, keys) }));
    for (const part of parts) {
      const ids = verdicts.flatMap(({ row, verdict }) => (verdict[part] === 'repairable' ? [row.documentId] : []));
      await write([part], ids);
    }
  });
}

/** A server caches documents of descriptors, too; such a document has the texts of the time when it was cached. */
export const cachedDescriptors: DescriptorWitness = async (connection, _input, suspects, limits) => {
  const { rules, longText } = rowDialects[connection.dialect];
  const { sql } = rules;
  const id = rules.id('DocumentId');
  const rows = await rowsOf<{ id: string; document: string }>(
    connection,
    sql`SELECT ${rules.text(id, 'bigint')} AS id, ${longText(sql`"DocumentJson"`)} AS document FROM ${core.documentCache} WHERE ${rules.among(id, [...suspects.keys()], 'bigint')}`,
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
};

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
