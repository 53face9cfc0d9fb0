/**
 * `npm run bench -- document-checks <schema> <count> <others>`: measures an upgrade that checks this many documents for
 * the errors that a load newly reports, beside `others` documents of a resource that does not change (none by default).
 * It is compared with the cost of such an upgrade when the documents were read as they are and only checked against the
 * later schemas. Both take turns; each figure is the median of the rounds, of the processor time of this process and of
 * its session.
 */

import { readFileSync } from 'node:fs';
import { buildEffectiveSchema, documentSchemas, labelledResource } from '@dms/api-schema';
import { type Connection, openDatabase, parseTarget, startPostgresServer } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { documentPlans, openDocuments, schemaCheck, storedDocuments } from '@dms/documents';
import { deriveInventory } from '@dms/inventory';
import { compileMappingSet } from '@dms/plans';
import { givenScript } from '@dms/sql';
import { type ComparedSet, planUpgrade, surveyUpgrade } from '@dms/upgrade';
import { isJsonObject, toJsonValue } from '@dms/values';
import { processorTime } from './processor-time.ts';
import { median } from './runs.ts';

const resource = 'Campus:Staff';
const otherResource = 'Campus:Student';
const rounds = 5;

// biome-ignore lint/suspicious/noExplicitAny: the schema of the fixture is changed where the benchmark needs it
type EditableRules = any;

/** The changes of the resource. */
const changes: Readonly<Record<string, (properties: EditableRules) => void>> = {
  'a pattern': ({ familyName }) => {
    familyName.pattern = '^[a-z]';
  },
  'a pattern, and a new member': (properties) => {
    properties.familyName.pattern = '^[a-z]';
    properties.nickname = { type: 'string', maxLength: 30 };
  },
};

function provisioned(root: unknown) {
  const set = buildEffectiveSchema([{ file: 'ApiSchema.json', root: toJsonValue(root) }]);
  const { model } = deriveModel(set, 'pgsql');
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  const compared: ComparedSet = {
    info: model.effectiveSchema,
    model,
    inventory,
    catalog,
    schemas: documentSchemas(set),
  };
  return { ...compared, script, plans: documentPlans(compileMappingSet(model), inventory) };
}

type ProvisionedForChecks = ReturnType<typeof provisioned>;

async function write(
  connection: Connection,
  { plans }: ProvisionedForChecks,
  label: string,
  documents: readonly object[],
): Promise<void> {
  const store = openDocuments(connection, plans);
  for (let start = 0; start < documents.length; start += 500) {
    const batch = documents.slice(start, start + 500).map((document) => ({ document: toJsonValue(document) }));
    const outcomes = await store.upsertBatch(labelledResource(label), batch);
    if (outcomes.some(({ kind }) => kind === 'rejected')) throw new Error(JSON.stringify(outcomes[0]));
  }
}

/** Reads the documents as they are, and only checks them against the later schemas. */
async function checkSchemas(
  connection: Connection,
  before: ProvisionedForChecks,
  after: ProvisionedForChecks,
): Promise<void> {
  const model = before.model.resources.find(({ resourceKey }) => resourceKey.resourceName === resource.split(':')[1]);
  if (model === undefined) throw new Error(resource);
  const check = schemaCheck(after.schemas);
  await connection.begin();
  for await (const page of storedDocuments({ ...connection, isInTransaction: true }, before.plans, model))
    for (const { document } of page)
      if (isJsonObject(document))
        check.diagnosticsOf(resource, [{ document, file: resource, line: 1 }], () => undefined);
  await connection.rollback();
}

async function compared(connection: Connection, before: ProvisionedForChecks, after: ProvisionedForChecks) {
  const plan = planUpgrade(before, after);
  const survey = async (asked: typeof plan) => {
    const { errors } = await surveyUpgrade(connection, before, after, { plan: asked });
    if (errors.length > 0) throw new Error(errors[0]?.message);
  };
  const pairs: { readonly earlier: number; readonly now: number }[] = [];
  // the first round is a warm-up for both
  for (let round = 0; round <= rounds; round += 1) {
    const schemasAlone = await processorTime(connection, () => checkSchemas(connection, before, after));
    const rest = await processorTime(connection, () => survey({ ...plan, documentChecks: [] }));
    const now = await processorTime(connection, () => survey(plan));
    if (round > 0) pairs.push({ earlier: schemasAlone + rest, now });
  }
  return {
    earlierMilliseconds: Math.round(median(pairs.map(({ earlier }) => earlier))),
    milliseconds: Math.round(median(pairs.map(({ now }) => now))),
    ratio: Number(median(pairs.map(({ earlier, now }) => now / earlier)).toFixed(2)),
    ratios: pairs.map(({ earlier, now }) => Number((now / earlier).toFixed(2))),
  };
}

async function main([file = '', given = '', others = '0']: readonly string[]): Promise<void> {
  const text = readFileSync(file, 'utf8');
  const before = provisioned(JSON.parse(text));
  const server = await startPostgresServer();
  const { target } = parseTarget(server.url, 'pgsql');
  if (target.kind === 'static') throw new Error('not a database');
  const connection = await openDatabase(target);
  try {
    await connection.execute(givenScript(before.script));
    const contactNumbers = (index: number) =>
      Array.from({ length: 3 }, (_, item) => ({ phoneNumber: `${index}-${item}`, label: `l${item}` }));
    const staff = Array.from({ length: Number(given) }, (_, index) => {
      const named = { staffUniqueId: String(index), familyName: `family ${index}`, givenName: 'g', isActive: true };
      return { ...named, contactNumbers: contactNumbers(index) };
    });
    await write(connection, before, resource, staff);
    const students = Array.from({ length: Number(others) }, (_, index) => ({
      studentUniqueId: String(index),
      familyName: `family ${index}`,
      givenName: 'g',
      birth: { birthDate: '2010-01-01' },
    }));
    await write(connection, before, otherResource, students);
    await connection.execute(givenScript('VACUUM ANALYZE'));
    for (const [change, edit] of Object.entries(changes)) {
      const root = JSON.parse(text);
      edit(root.projectSchema.resourceSchemas.staff.jsonSchemaForInsert.properties);
      const figures = await compared(connection, before, provisioned(root));
      console.log(JSON.stringify({ change, documents: staff.length, others: students.length, ...figures }));
    }
  } finally {
    await connection.close();
    await server.stop();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
