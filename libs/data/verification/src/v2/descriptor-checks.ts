import { descriptorKeyError } from '@dms/catalog';
import { core, mustExist, qualified } from '@dms/model';
import { empty, type PlainSql, textOf } from '@dms/sql';
import type { BehaviourSession, WrittenValue } from '../behaviour/behaviour-session.ts';
import { dateType, infiniteValues, nearText, nearValues, textType } from '../behaviour/column-values.ts';
import type { CoreChecks } from '../behaviour/core-checks.ts';
import { descriptorFacts, textLength } from '../behaviour/core-tables.ts';
import { type DocumentStamps, DrawnVersions } from '../behaviour/document-rows.ts';
import type { TrialOutcome } from '../verification-dialect.ts';

/*
 * C15: rows of `dms.Descriptor` belong to documents of their resource, stamp them, and copy the stamps (design 16
 * §6.6).
 */

const name = qualified(core.descriptor);

/** How a database refuses a row of `dms.Descriptor` with another resource than its document. */
export type OtherResourceRefusal = (session: BehaviourSession) => {
  /** The expected outcome, as text. */
  readonly expected: string;
  /** The text of an outcome, which equals the expected one if the row was refused as required. */
  textOf(outcome: TrialOutcome | undefined): string;
};

export async function checkDescriptors(checks: CoreChecks, refusal: OtherResourceRefusal): Promise<void> {
  for (const check of [stampedDescriptors, leastVersions, movedDescriptors, severalDescriptors])
    await checks.failures.during('C15', name, () => check(checks, refusal));
}

/** An insertion does not stamp; a change of a value and a deletion do. The row copies the stamps. */
async function stampedDescriptors(checks: CoreChecks, refusal: OtherResourceRefusal): Promise<void> {
  const { session, documents, failures, resourceKeyId } = checks;
  const id = await documents.insert(resourceKeyId);
  const where = session.equal('DocumentId', id);
  const look = () => lookAt(checks, id);
  const mirrored = (what: string, looked: Looked) => expectMirrored(checks, what, looked);
  const isTimed = await timedStamps(checks);
  await session.change(documents.forgetTimes);
  const before = await checks.stampsText(id);
  const unstamped = async (what: string, statement: PlainSql) => {
    await session.change(statement);
    failures.equal('C15', `${name}, ${what}`, before, await checks.stampsText(id));
  };
  await unstamped('inserted', insertText(checks, id, resourceKeyId, 'Shared Value'));
  mirrored('inserted', await look());
  await unstamped('set to itself', updateText(checks, id, 'CodeValue', session.rules.id('CodeValue')));
  const texts = ['Namespace', 'CodeValue', 'ShortDescription', 'Description'];
  for (const column of [...texts, 'EffectiveBeginDate', 'EffectiveEndDate', 'Uri', 'Discriminator']) {
    const { stamps: was } = await look();
    const drawn = await DrawnVersions.now(session);
    await session.change(documents.forgetTimes);
    const value = column.endsWith('Date') ? '2024-01-01' : 'changed';
    await session.change(updateText(checks, id, column, value));
    const looked = await look();
    const isDrawn = await drawn.read(session);
    const now = looked.stamps;
    const isStamped = now !== undefined && isDrawn(now.content) && isTimed(now);
    if (!isStamped || now.identity !== was?.identity)
      failures.add('C15', `${name}.${column}`, 'a new content version and time', JSON.stringify(now));
    mirrored(column, looked);
  }
  await nearDescriptors(checks, id);
  await otherResources(checks, refusal);
  // the record of the key has less room in some schema sets
  await session.change(...['Namespace', 'CodeValue'].map((column) => updateText(checks, id, column, 'x')));
  const drawn = await DrawnVersions.now(session);
  await session.change(documents.forgetTimes, session.deleteText(core.descriptor, where));
  const { stamps } = await look();
  const isDrawn = await drawn.read(session);
  if (!stamps || !isDrawn(stamps.content) || !isTimed(stamps))
    failures.add('C15', `${name}, deleted`, 'a new content version and time', JSON.stringify(stamps));
}

/** The stamps of the document of a descriptor, and the copies of them in its row, as text. */
async function lookAt({ session, documents }: CoreChecks, id: number) {
  const where = session.equal('DocumentId', id);
  const columns = ['ContentVersion', 'ContentLastModifiedAt'];
  const [row] = await session.rows({ table: core.descriptor, columns, where });
  const stamps = (await documents.stamps()).get(id);
  return { stamps, copies: `${row?.ContentVersion}, ${row?.ContentLastModifiedAt}` };
}

type Looked = Awaited<ReturnType<typeof lookAt>>;

/** Fails unless the row of a descriptor has copies of the stamps. */
function expectMirrored({ failures }: CoreChecks, what: string, { stamps, copies }: Looked): void {
  const object = `${name}, ${what}: its copies of the stamps`;
  failures.equal('C15', object, `${stamps?.content}, ${stamps?.contentTime}`, copies);
}

/** The row also copies the first versions of a sequence. */
async function leastVersions(checks: CoreChecks): Promise<void> {
  const { session, documents, resourceKeyId } = checks;
  const [row] = await session.rows(session.dialect.lastVersion);
  const last = Number(Object.values(row ?? {})[0]);
  await session.change(session.restartText(core.changeVersionSequence, 1));
  const id = await documents.insert(resourceKeyId);
  await session.change(insertText(checks, id, resourceKeyId, 'First Value'));
  expectMirrored(checks, 'inserted with version 1', await lookAt(checks, id));
  // after a later version, the row can have the first one only from its change
  for (const version of [last + 1, 1]) {
    const change = updateText(checks, id, 'Description', `version ${version}`);
    await session.change(session.restartText(core.changeVersionSequence, version), change);
    expectMirrored(checks, `changed with version ${version}`, await lookAt(checks, id));
  }
  await session.change(documents.deleteText(id), session.restartText(core.changeVersionSequence, last + 2));
}

/**
 * Returns a function that tells whether the content was stamped in this transaction; times must have been reset before.
 */
async function timedStamps({ session }: CoreChecks) {
  const time = await session.transactionTime();
  return ({ contentTime, identityTime }: DocumentStamps): boolean =>
    time === null ? contentTime !== identityTime : contentTime === time && identityTime !== time;
}

const insertText = ({ session, rules }: CoreChecks, id: number, key: number, codeValue: string) =>
  session.insertText(core.descriptor, rules.rows.descriptor(id, key, codeValue));

/** An update of the row of a descriptor. */
const updateText = ({ session }: CoreChecks, id: number, column: string, value: WrittenValue) =>
  session.updateText(core.descriptor, [session.equal(column, value)], session.equal('DocumentId', id));

/** The smallest changes of each value stamp too (`nearValues`). */
async function nearDescriptors(checks: CoreChecks, id: number): Promise<void> {
  const { session, failures, dialect } = checks;
  const steps = Object.entries(descriptorFacts.columns).flatMap(([column, type]) => {
    const length = textLength(type);
    const logical = type.startsWith('date') ? dateType : length === null ? null : textType(length);
    // the absent date follows an infinite one
    const values = logical
      ? [...infiniteValues(logical, dialect).slice(0, 1), ...nearValues(logical, type.endsWith('?'), dialect)]
      : [];
    return values.map((value, index) => ({ column, values, value, index }));
  });
  const texts = steps.map(({ column, value }) => updateText(checks, id, column, value));
  const { sql } = session.rules;
  const content = sql`(SELECT "ContentVersion" FROM ${core.document} WHERE ${session.equal('DocumentId', id)})`;
  const found = (await session.following(texts, sql`SELECT CONCAT(${content}, '') AS found`)).map(Number);
  for (const [place, { column, values, index }] of steps.entries()) {
    const version = found[place] ?? 0;
    if (index > 0 && !(version > (found[place - 1] ?? 0)))
      failures.add('C15', `${name}.${column}`, nearText(values, index), String(version));
  }
}

const guardText = `${descriptorKeyError.begins} … ${descriptorKeyError.says}`;

/** The trigger of the table refuses the row; tests of the server look for the text (16 §11.3). */
export const refusedByTrigger: OtherResourceRefusal = ({ dialect }) => ({
  expected: `${dialect.codes.raised} ${guardText}`,
  textOf: guardOutcome,
});

/** The code of a refusal, and the part of its text that is compared; any other text completely. */
function guardOutcome(outcome: TrialOutcome | undefined): string {
  if (!outcome) return 'accepted';
  const { code, message } = outcome;
  const isRight = message.startsWith(descriptorKeyError.begins) && message.includes(descriptorKeyError.says);
  return `${code} ${isRight ? guardText : message}`;
}

/** A row of `dms.Descriptor` must have the resource of its document; a lower or higher number is refused. */
async function otherResources(checks: CoreChecks, refusal: OtherResourceRefusal): Promise<void> {
  const { session, documents, failures, resourceKeyIds } = checks;
  const [first = 0, second = -1] = resourceKeyIds;
  const { expected, textOf } = refusal(session);
  const pairs = [
    [first, second],
    [second, first],
  ] as const;
  for (const [own, other] of pairs) {
    if (own < 0) continue;
    const id = await documents.insert(own);
    const [outcome] = await session.outcomes([insertText(checks, id, other, 'Other Value')]);
    failures.equal('C15', `${name} of another resource`, expected, textOf(outcome));
  }
}

/**
 * An update of a row of `dms.Descriptor` is guarded like an insertion: it must not set another resource, nor move the
 * row to a document of another resource. A row that moves to another document of its resource stamps both documents,
 * whichever id is greater.
 */
async function movedDescriptors(checks: CoreChecks, refusal: OtherResourceRefusal): Promise<void> {
  const { session, documents, failures, resourceKeyIds } = checks;
  const [first = 0, second = -1] = resourceKeyIds;
  const own = await documents.insert(first);
  const other = await documents.insert(first);
  await session.change(insertText(checks, own, first, 'Moving Value'));
  const update = (column: string, value: number, id: number) => updateText(checks, id, column, value);
  /** Each update must be refused. */
  const guard = async (trials: readonly PlainSql[]) => {
    const { expected, textOf: refusedText } = refusal(session);
    for (const [index, outcome] of (await session.outcomes(trials)).entries())
      failures.equal('C15', `${name}: ${textOf(trials[index] ?? empty)}`, expected, refusedText(outcome));
  };
  // if the set has one resource, an unknown one is as good
  await guard([update('ResourceKeyId', second, own)]);
  if (second >= 0) {
    const stranger = await documents.insert(second);
    const strange = await documents.insert(second);
    await session.change(insertText(checks, strange, second, 'Strange Value'));
    await guard([
      update('ResourceKeyId', first, strange),
      update('DocumentId', stranger, own),
      update('DocumentId', other, strange),
    ]);
    await session.change(documents.deleteText(stranger), documents.deleteText(strange));
  }
  const isTimed = await timedStamps(checks);
  const expected = 'a new content version and time of both documents';
  for (const { from, to, what } of [
    { from: own, to: other, what: 'moved to another document' },
    { from: other, to: own, what: 'moved to a document before it' },
  ]) {
    const drawn = await DrawnVersions.now(session);
    await session.change(documents.forgetTimes, update('DocumentId', to, from));
    const isDrawn = await drawn.read(session);
    const found = await readStamps(checks, [own, other]);
    const isStamped = found.every((stamps) => isDrawn(stamps.content) && isTimed(stamps));
    if (isStamped && new Set(found.map(({ content }) => content)).size === found.length) continue;
    failures.add('C15', `${name}, ${what}`, expected, JSON.stringify(found));
    break;
  }
  await session.change(documents.deleteText(own), documents.deleteText(other));
}

/** The stamps of documents, which must exist. */
async function readStamps({ documents }: CoreChecks, ids: readonly number[]) {
  const stamps = await documents.stamps();
  return ids.map((id) => mustExist(stamps.get(id), `the stamps of the document ${id}`));
}

/** If one statement changes several descriptors, each has its own version, and a copy of it. */
async function severalDescriptors(checks: CoreChecks): Promise<void> {
  const { session, documents, failures, resourceKeyId } = checks;
  const ids = [await documents.insert(resourceKeyId), await documents.insert(resourceKeyId)];
  await session.change(...ids.map((id, index) => insertText(checks, id, resourceKeyId, `${index} Value`)));
  const isTimed = await timedStamps(checks);
  const drawn = await DrawnVersions.now(session);
  const those = session.among('DocumentId', ids);
  const description = session.equal('Description', 'changed together');
  await session.change(documents.forgetTimes, session.updateText(core.descriptor, [description], those));
  const isDrawn = await drawn.read(session);
  const stamps = await readStamps(checks, ids);
  const versions = stamps.map(({ content }) => content);
  const expected = 'versions of their own that were drawn for them, and new times';
  if (!versions.every(isDrawn) || new Set(versions).size < ids.length || !stamps.every(isTimed))
    failures.add('C15', `${name}, two rows`, expected, JSON.stringify(stamps));
  const columns = ['DocumentId', 'ContentVersion'];
  const copies = await session.rows({ table: core.descriptor, columns, where: those });
  const copied = new Map(copies.map(({ DocumentId, ContentVersion }) => [Number(DocumentId), Number(ContentVersion)]));
  const copiedVersions = ids.map((id) => copied.get(id)).join(', ');
  failures.equal('C15', `${name}, two rows: their copies of the stamps`, versions.join(', '), copiedVersions);
  await session.change(session.deleteText(core.document, those));
}
