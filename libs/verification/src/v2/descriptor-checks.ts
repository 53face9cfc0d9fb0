import { core, mustExist, qualified } from '@dms/model';
import { dateType, nearText, nearValues, textType } from '../behaviour/column-values.ts';
import type { CoreChecks } from '../behaviour/core-checks.ts';
import { descriptorFacts } from '../behaviour/core-tables.ts';
import { type DocumentStamps, DrawnVersions } from '../behaviour/document-rows.ts';
import type { RowText, Selection } from '../verification-dialect.ts';
import { coreRowsV2 } from './core-tables.ts';

const mirrorSelection = (documentId: number, quoted: string): Selection => ({
  table: core.descriptor,
  columns: ['ContentVersion', 'ContentLastModifiedAt'],
  where: `${quoted} = ${documentId}`,
});

/** C15: a row of `dms.Descriptor` must have the resource of its document; a smaller or greater number is refused. */
async function otherResources({ session, documents, failures, resourceKeyIds }: CoreChecks): Promise<void> {
  const { raised } = session.dialect.codes;
  const [first = 0, second = -1] = resourceKeyIds;
  for (const [own, other] of [
    [first, second],
    [second, first],
  ] as const) {
    if (own < 0) continue;
    const id = await documents.insert(own);
    const refusal = await session.refusal(
      session.insertText(core.descriptor, coreRowsV2.descriptor(id, other, 'Other Value')),
    );
    failures.equal('C15', `${qualified(core.descriptor)} of another resource`, raised, refusal?.code ?? 'accepted');
  }
}

/**
 * C15: an update of a row of `dms.Descriptor` is guarded like an insertion: it may not name another resource, nor move
 * to a document of another resource. A row that moves to another document of its resource stamps both documents.
 */
async function movedDescriptors({ session, documents, failures, resourceKeyIds }: CoreChecks): Promise<void> {
  const { raised } = session.dialect.codes;
  const [first = 0, second = -1] = resourceKeyIds;
  const own = await documents.insert(first);
  const other = await documents.insert(first);
  await session.change(session.insertText(core.descriptor, coreRowsV2.descriptor(own, first, 'Moving Value')));
  const update = (column: string, value: number, id: number) =>
    `UPDATE ${session.table(core.descriptor)} SET ${session.quote(column)} = ${value} WHERE ${session.quote('DocumentId')} = ${id}`;
  if (second >= 0) {
    const stranger = await documents.insert(second);
    const strange = await documents.insert(second);
    await session.change(session.insertText(core.descriptor, coreRowsV2.descriptor(strange, second, 'Strange Value')));
    const trials = [
      update('ResourceKeyId', second, own),
      update('ResourceKeyId', first, strange),
      update('DocumentId', stranger, own),
      update('DocumentId', other, strange),
    ];
    for (const [index, outcome] of (await session.outcomes(trials)).entries())
      failures.equal('C15', `${qualified(core.descriptor)}: ${trials[index]}`, raised, outcome?.code ?? 'accepted');
    await session.change(documents.deleteText(stranger), documents.deleteText(strange));
  }
  const drawn = await DrawnVersions.now(session);
  await session.change(documents.forgetTimes, update('DocumentId', other, own));
  const isDrawn = await drawn.read(session);
  const stamps = await documents.stamps();
  const found = [own, other].map((id) => mustExist(stamps.get(id), `the stamps of the document ${id}`));
  const isStamped = found.every(
    ({ content, contentTime, identityTime }) => isDrawn(content) && contentTime !== identityTime,
  );
  if (!isStamped || new Set(found.map(({ content }) => content)).size < found.length)
    failures.add(
      'C15',
      `${qualified(core.descriptor)}, moved to another document`,
      'a new content version and time of both documents',
      JSON.stringify(found),
    );
  await session.change(documents.deleteText(own), documents.deleteText(other));
}

/** C15: several descriptors that one statement changes have versions of their own, and copies of them. */
async function severalDescriptors(checks: CoreChecks): Promise<void> {
  const { session, documents, failures, resourceKeyId } = checks;
  const ids = [await documents.insert(resourceKeyId), await documents.insert(resourceKeyId)];
  const values = ids.map((id) => coreRowsV2.descriptor(id, resourceKeyId, `Value ${id}`));
  await session.change(...values.map((each) => session.insertText(core.descriptor, each)));
  const drawn = await DrawnVersions.now(session);
  const those = `${session.quote('DocumentId')} IN (${ids.join(', ')})`;
  const description = `${session.quote('Description')} = ${session.literal('changed together')}`;
  await session.change(`UPDATE ${session.table(core.descriptor)} SET ${description} WHERE ${those}`);
  const isDrawn = await drawn.read(session);
  const stamps = await documents.stamps();
  const versions = ids.map((id) => mustExist(stamps.get(id), `the stamps of the document ${id}`).content);
  if (!versions.every(isDrawn) || new Set(versions).size < ids.length)
    failures.add(
      'C15',
      `${qualified(core.descriptor)}, two rows`,
      'versions of their own that were drawn for them',
      versions.join(', '),
    );
  const copies = await session.rows({
    table: core.descriptor,
    columns: ['DocumentId', 'ContentVersion'],
    where: those,
  });
  const copied = new Map(copies.map(({ DocumentId, ContentVersion }) => [Number(DocumentId), Number(ContentVersion)]));
  failures.equal(
    'C15',
    `${qualified(core.descriptor)}, two rows: their copies of the stamps`,
    versions.join(', '),
    ids.map((id) => copied.get(id)).join(', '),
  );
  await session.change(`DELETE FROM ${session.table(core.document)} WHERE ${those}`);
}

/** C15: the smallest changes of each value stamp too (`nearValues`). */
async function nearDescriptors(
  { session, failures, dialect }: CoreChecks,
  documentId: number,
  update: (assignment: string) => string,
): Promise<void> {
  const columns = Object.entries(descriptorFacts.columns).flatMap(([column, type]) => {
    const length = Number(/\d+(?=\))/.exec(type)?.[0] ?? 0);
    const logical = type.startsWith('date') ? dateType : length > 0 ? textType(length) : null;
    return logical ? [{ column, values: nearValues(logical, type.endsWith('?'), dialect) }] : [];
  });
  const steps = columns.flatMap(({ column, values }) =>
    values.map((value, index) => ({ column, values, value, index })),
  );
  const texts = steps.map(({ column, value }) => update(`${session.quote(column)} = ${session.literal(value)}`));
  const content = `(SELECT ${session.quote('ContentVersion')} FROM ${session.table(core.document)} WHERE ${session.quote('DocumentId')} = ${documentId})`;
  const found = (await session.following(texts, `SELECT CONCAT(${content}, '') AS found`)).map(Number);
  for (const [index, step] of steps.entries()) {
    const version = found[index] ?? 0;
    const previous = found[index - 1] ?? 0;
    if (step.index > 0 && !(version > previous))
      failures.add(
        'C15',
        `${qualified(core.descriptor)}.${step.column}`,
        nearText(step.values, step.index),
        String(version),
      );
  }
}

/** C15: the stamps of descriptors (design 16 §6.6). */
async function stampedDescriptors(checks: CoreChecks): Promise<void> {
  const { session, documents, failures, resourceKeyId } = checks;
  const documentId = await documents.insert(resourceKeyId);
  const quotedId = session.quote('DocumentId');
  await session.change(documents.forgetTimes);
  const look = async () => {
    const [row] = await session.rows(mirrorSelection(documentId, quotedId));
    return { row, stamps: (await documents.stamps()).get(documentId) };
  };
  const mirrored = (
    what: string,
    { row, stamps }: { readonly row: RowText | undefined; readonly stamps: DocumentStamps | undefined },
  ) =>
    failures.equal(
      'C15',
      `${qualified(core.descriptor)}, ${what}: its copies of the stamps`,
      `${stamps?.content}, ${stamps?.contentTime}`,
      `${row?.ContentVersion}, ${row?.ContentLastModifiedAt}`,
    );
  const before = await checks.stampsText(documentId);
  const values = coreRowsV2.descriptor(documentId, resourceKeyId, 'Shared Value');
  await session.change(session.insertText(core.descriptor, values));
  failures.equal('C15', `${qualified(core.descriptor)}, inserted`, before, await checks.stampsText(documentId));
  mirrored('inserted', await look());
  const update = (assignment: string) =>
    `UPDATE ${session.table(core.descriptor)} SET ${assignment} WHERE ${quotedId} = ${documentId}`;
  const codeValue = session.quote('CodeValue');
  await session.change(update(`${codeValue} = ${codeValue}`));
  failures.equal('C15', `${qualified(core.descriptor)}, set to itself`, before, await checks.stampsText(documentId));
  const columns = [
    'Namespace',
    'CodeValue',
    'ShortDescription',
    'Description',
    'EffectiveBeginDate',
    'EffectiveEndDate',
    'Uri',
  ];
  for (const column of [...columns, 'Discriminator']) {
    const was = (await look()).stamps;
    const drawn = await DrawnVersions.now(session);
    await session.change(documents.forgetTimes);
    const value = column.endsWith('Date') ? '2024-01-01' : 'changed';
    await session.change(update(`${session.quote(column)} = ${session.literal(value)}`));
    const now = await look();
    const isDrawn = await drawn.read(session);
    const isStamped = now.stamps !== undefined && isDrawn(now.stamps.content);
    const isNew = now.stamps?.contentTime !== now.stamps?.identityTime && now.stamps?.identity === was?.identity;
    if (!isStamped || !isNew)
      failures.add(
        'C15',
        `${qualified(core.descriptor)}.${column}`,
        'a new content version and time',
        JSON.stringify(now.stamps),
      );
    mirrored(column, now);
  }
  await nearDescriptors(checks, documentId, update);
  await otherResources(checks);
  const drawn = await DrawnVersions.now(session);
  await session.change(`DELETE FROM ${session.table(core.descriptor)} WHERE ${quotedId} = ${documentId}`);
  const { stamps } = await look();
  const isDrawn = await drawn.read(session);
  if (!stamps || !isDrawn(stamps.content))
    failures.add('C15', `${qualified(core.descriptor)}, deleted`, 'a new content version', JSON.stringify(stamps));
}

/**
 * C15: rows of `dms.Descriptor` belong to documents of their resource, stamp them, and repeat the stamps (design 16
 * §6.6).
 */
export async function checkDescriptors(checks: CoreChecks): Promise<void> {
  for (const check of [stampedDescriptors, movedDescriptors, severalDescriptors])
    await checks.failures.during('C15', qualified(core.descriptor), () => check(checks));
}
