import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { labelledResource } from '@dms/api-schema';
import type { Connection, Row, Statement } from '@dms/databases';
import { descriptorReferentialId, documentPlans, generateDocuments } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { loadDocuments } from '@dms/loading';
import type { RelationalModelSet } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { type PlainSql, textOf } from '@dms/sql';
import type { SentText } from '@dms/testing';
import { jsonText } from '@dms/values';
import { distinct } from './sent-texts.ts';

/** A SQL Server without documents other than descriptors, with every permission. */
class EmptyServer implements Connection {
  readonly dialect = 'mssql';
  readonly label = 'recorded';
  readonly engine = 'server';
  readonly redact = (text: string) => text;
  readonly sent: SentText[] = [];
  private readonly identities: readonly Row[];
  private readonly resourceKeyId: number;

  constructor(identities: readonly Row[], resourceKeyId: number) {
    this.identities = identities;
    this.resourceKeyId = resourceKeyId;
  }

  private answer(text: string): readonly Row[] {
    // no document is found by its natural key
    if (['HAS_PERMS_BY_NAME', 'OPENJSON(', '[DocumentId] = ('].some((part) => text.includes(part))) return [];
    if (text.includes('FROM [dms].[Descriptor]')) return this.identities;
    if (text.includes('@@SPID')) return [{ id: 51 }];
    if (text.includes('FROM [dms].[ReferentialIdentity]')) return this.identities;
    if (text.includes('sys.identity_columns')) return [{ last: '1000' }];
    if (text.includes('sp_sequence_get_range')) return [{ first: '1' }];
    if (text.includes('SYSUTCDATETIME()')) return [{ now: '2030-01-01T00:00:00.0000000' }];
    if (text.includes('FROM [dms].[Document]')) return [{ uuid: 'uuid1', key: this.resourceKeyId }];
    return [];
  }

  async queryAll(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
    return statements.map(({ pieces, parameters, types }) => {
      const text = pieces.reduce((before, piece, index) => `${before}@p${index}${piece}`);
      const declarations = parameters.map(
        (value, index) => `@p${index + 1} ${types?.[index] ?? `untyped_${typeof value}`}`,
      );
      this.sent.push({ text, declarations: declarations.join(', ') });
      return this.answer(text);
    });
  }
  async query<Result>(statement: PlainSql): Promise<readonly Result[]> {
    const text = textOf(statement);
    this.sent.push({ text, declarations: '' });
    return this.answer(text) as readonly unknown[] as readonly Result[];
  }
  async execute(text: PlainSql): Promise<void> {
    this.sent.push({ text: textOf(text), declarations: '' });
  }
  async queryEach(): Promise<never> {
    throw new Error('a load in bulk has no use for it');
  }
  async begin(): Promise<void> {}
  async commit(): Promise<void> {}
  async rollback(): Promise<void> {}
  async close(): Promise<void> {}
}

/** The texts sent when generated documents of every resource are loaded in bulk, each of them twice. */
export async function bulkTexts(model: RelationalModelSet): Promise<SentText[]> {
  const plans = documentPlans(compileMappingSet(model), deriveInventory(model));
  const { documents, descriptors } = generateDocuments(model, 1, { random: 0 });
  const identities = descriptors.map(({ resource, document }, index) => {
    const uri = `${document.get('namespace')}#${document.get('codeValue')}`;
    const id = String(index + 1);
    const ResourceKeyId = plans.mappingSet.resourceKeyIdByResource.get(resource) ?? 0;
    const stored = { DocumentId: id, ResourceKeyId, Uri: uri };
    return { id: descriptorReferentialId(labelledResource(resource), uri), document: id, ...stored };
  });
  const [{ resource = '' } = {}] = documents;
  const connection = new EmptyServer(identities, plans.of(labelledResource(resource)).resourceKey.id);
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-bulk-texts-'));
  try {
    const file = path.join(folder, 'documents.jsonl');
    const lines = documents.map(
      (each) => `{"resource":${JSON.stringify(each.resource)},"document":${jsonText(each.document)}}\n`,
    );
    writeFileSync(file, [...lines, ...lines].join(''));
    const { total } = await loadDocuments([connection], plans, [file], { bulk: connection, isContinued: true });
    if (total.inserted !== documents.length)
      throw new Error(`${total.inserted} of ${documents.length} documents were sent`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return distinct(connection.sent);
}
