import type { Connection, Limits } from '@dms/databases';
import { descriptorReferentialId, descriptorUri } from '@dms/documents';
import { core, qualified } from '@dms/model';
import type { DataInput, DocumentCheck } from './data-finding.ts';
import { eachPage, FoundDocuments } from './document-pages.ts';
import type { JoinedTable, PageOfDocuments, PageRow } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';
import { namesOf } from './row-names.ts';
import { type StoredIds, sameIds } from './stored-ids.ts';

/*
 * A row of dms.Descriptor repeats itself: `Uri` is made from its namespace and code value, its resource is that of the document, and the
 * referential id is the hash of both, if it is stored. Where two of the three agree, the third is wrong; otherwise nothing can be decided.
 */

/** What is wrong with a row, and whether the rest of it says what is right. */
interface DescriptorVerdict {
  readonly uri: 'right' | 'repairable' | 'undecided';
  readonly discriminator: 'right' | 'repairable' | 'undecided';
  readonly resource: 'right' | 'repairable' | 'undecided';
  readonly identity: 'right' | 'repairable' | 'undecided';
  /** `id resourceKeyId`, as the row requires it. */
  readonly expected: readonly string[];
}

/** Reads what is compared: the second generation repeats the key of the resource too. */
function pageOf({ catalog }: DataInput, stored: string | null): PageOfDocuments {
  const table = catalog.tables.find((each) => qualified(each) === qualified(core.descriptor));
  const columns = ['Namespace', 'CodeValue', 'Uri', 'Discriminator', 'ResourceKeyId'];
  const own = columns.filter((name) => table?.columns.some((column) => column.name === name));
  return { table: core.descriptor, columns: own, stored };
}

type Keys = ReadonlyMap<string, { readonly id: number; readonly projectName: string; readonly resourceName: string }>;

function verdictOf({ values, resourceKeyId, stored }: PageRow, keys: Keys): DescriptorVerdict {
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
  const byKey = (isRight: boolean) => (isRight ? 'right' : isKeyConfirmed ? 'repairable' : 'undecided');
  return {
    uri: uri === made ? 'right' : differs && isConfirmed(made) ? 'repairable' : 'undecided',
    discriminator: byKey(isOfKey),
    resource: byKey(isOfDocument),
    identity:
      isConfirmed(uri) || isConfirmed(made) ? 'right' : uri === made && isOfKey && isOfDocument ? 'repairable' : 'undecided',
    expected: idOf(made),
  };
}

const ofRow = [
  ['discriminator', 'discriminator'],
  ['uri', 'descriptorUri'],
  ['resource', 'descriptorResource'],
] as const;
const ofIds = [['identity', 'referentialIdentity']] as const;

const keysOf = ({ model }: DataInput): Keys => new Map(model.effectiveSchema.resourceKeys.map((key) => [String(key.id), key]));

/** Rewrites the columns that the rest of the row decides. */
async function repairRows(connection: Connection, input: DataInput, page: PageOfDocuments, limits: Limits): Promise<void> {
  const dialect = rowDialects[connection.dialect];
  const { q, id } = namesOf(dialect);
  const ofDocument: JoinedTable = { table: core.document, alias: 'd', on: `d.${id} = t.${id}` };
  const ofKey: JoinedTable = {
    table: core.resourceKey,
    alias: 'k',
    on: `k.${q('ResourceKeyId')} = d.${q('ResourceKeyId')}`,
  };
  const made = [`t.${q('Namespace')}`, dialect.rules.stringLiteral('#'), `t.${q('CodeValue')}`];
  const values = {
    discriminator: { column: 'Discriminator', value: `k.${q('ResourceName')}` },
    resource: { column: 'ResourceKeyId', value: `d.${q('ResourceKeyId')}` },
    uri: { column: 'Uri', value: made.join(` ${dialect.concatenation} `) },
  };
  const keys = keysOf(input);
  await eachPage(connection, page, limits, async (rows) => {
    const verdicts = rows.map((row) => ({ row, verdict: verdictOf(row, keys) }));
    for (const part of ['discriminator', 'resource', 'uri'] as const) {
      const ids = verdicts.flatMap(({ row, verdict }) => (verdict[part] === 'repairable' ? [row.documentId] : []));
      if (ids.length === 0) continue;
      const where = dialect.isAmong(`t.${id}`);
      const text = dialect.update({ table: core.descriptor, assignments: [values[part]], from: [ofDocument, ofKey], where });
      // the document did not change, so it gets no stamp
      await connection.execute(dialect.triggers(core.descriptor, 'DISABLE'), limits);
      await connection.query(text, [dialect.idParameter(ids)], limits);
      await connection.execute(dialect.triggers(core.descriptor, 'ENABLE'), limits);
    }
  });
}

/** Finds descriptors whose columns or referential ids contradict each other. Without ids, nothing says which of two columns is wrong. */
export function descriptorRows(ids: StoredIds | null): DocumentCheck {
  const parts = ids === null ? ofRow : [...ofRow, ...ofIds];
  const pageIn = (input: DataInput) => pageOf(input, ids?.of(input.model.dialect) ?? null);
  return {
    async find(connection, input, limits) {
      const keys = keysOf(input);
      const found = new FoundDocuments();
      await eachPage(connection, pageIn(input), limits, async (rows) => {
        for (const row of rows) {
          const verdict = verdictOf(row, keys);
          for (const [part, kind] of parts)
            if (verdict[part] !== 'right') found.add(kind, verdict[part] === 'repairable', row.uuid);
        }
      });
      const table = qualified(core.descriptor);
      return found.findings(table).map((finding) => ({ ...finding, table }));
    },
    async repair(connection, input, limits) {
      const page = pageIn(input);
      await repairRows(connection, input, page, limits);
      const keys = keysOf(input);
      await ids?.repair(connection, limits, [
        async (onWrong) =>
          eachPage(connection, page, limits, async (rows) =>
            onWrong(
              rows.flatMap((row) => {
                const { identity, expected } = verdictOf(row, keys);
                return identity === 'repairable' ? [{ documentId: row.documentId, expected }] : [];
              }),
            ),
          ),
      ]);
    },
  };
}
