/**
 * `npm run bench -- document-checks <schema> <count>`: what an upgrade costs that must look at this many documents of one resource, beside reading them as they are and
 * checking them against the schemas alone. Prints CPU of this process and milliseconds as JSON.
 */
import { readFileSync } from 'node:fs';
import { buildEffectiveSchema, documentSchemas, labelledResource } from '@dms/api-schema';
import { openDatabase, parseTarget, startPostgresServer } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { documentPlans, openDocuments, schemaCheck, storedDocuments } from '@dms/documents';
import { isJsonObject, toJsonValue } from '@dms/files';
import { deriveInventory } from '@dms/inventory';
import { compileMappingSet } from '@dms/plans';
import { type ComparedSet, planUpgrade, surveyUpgrade } from '@dms/upgrade';

const resource = 'Campus:Staff';

function provisioned(root: unknown) {
  const set = buildEffectiveSchema([{ file: 'ApiSchema.json', root: toJsonValue(root) }]);
  const { model } = deriveModel(set, 'pgsql');
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  const compared: ComparedSet = { info: model.effectiveSchema, model, inventory, catalog, schemas: documentSchemas(set) };
  return { ...compared, script, plans: documentPlans(compileMappingSet(model), inventory) };
}

/** Milliseconds, and CPU of this process, of the faster of two runs. */
async function measured(work: () => Promise<unknown>) {
  const runs: { readonly milliseconds: number; readonly cpu: number }[] = [];
  for (let run = 0; run < 2; run += 1) {
    const [own, start] = [process.cpuUsage(), performance.now()];
    await work();
    const { user, system } = process.cpuUsage(own);
    runs.push({ milliseconds: Math.round(performance.now() - start), cpu: Math.round((user + system) / 1000) });
  }
  return runs.sort((a, b) => a.cpu - b.cpu)[0];
}

async function main([file = '', given = '']: readonly string[]): Promise<void> {
  const count = Number(given);
  const root = JSON.parse(readFileSync(file, 'utf8'));
  const before = provisioned(root);
  const { staff } = root.projectSchema.resourceSchemas;
  staff.jsonSchemaForInsert.properties.familyName.pattern = '^[a-z]';
  const after = provisioned(root);
  const server = await startPostgresServer();
  const { target } = parseTarget(server.url, 'pgsql');
  if (target.kind === 'static') throw new Error('not a database');
  const connection = await openDatabase(target);
  try {
    await connection.execute(before.script);
    const store = openDocuments(connection, before.plans);
    const documents = Array.from({ length: count }, (_, index) => {
      const contactNumbers = Array.from({ length: 3 }, (__, item) => ({ phoneNumber: `${index}-${item}`, label: `l${item}` }));
      const named = { staffUniqueId: String(index), familyName: `family ${index}`, givenName: 'g', isActive: true };
      return { document: toJsonValue({ ...named, contactNumbers }) };
    });
    for (let start = 0; start < count; start += 500) {
      const outcomes = await store.upsertBatch(labelledResource(resource), documents.slice(start, start + 500));
      if (outcomes.some(({ kind }) => kind === 'rejected')) throw new Error(JSON.stringify(outcomes[0]));
    }
    await connection.execute('VACUUM ANALYZE');
    const model = before.model.resources.find(({ resourceKey }) => resourceKey.resourceName === 'Staff');
    if (model === undefined) throw new Error(resource);
    const check = schemaCheck(after.schemas);
    const schemasAlone = await measured(async () => {
      await connection.begin();
      for await (const page of storedDocuments({ ...connection, isInTransaction: true }, before.plans, model))
        for (const { document } of page)
          if (isJsonObject(document)) check.problems(resource, [{ document, file: resource, line: 1 }]);
      await connection.rollback();
    });
    const plan = planUpgrade(before, after);
    const survey = await measured(async () => {
      const { objections } = await surveyUpgrade(connection, before, after, { plan });
      if (objections.length > 0) throw new Error(objections[0]?.message);
    });
    const without = await measured(() => surveyUpgrade(connection, before, after, { plan: { ...plan, documentChecks: [] } }));
    console.log(JSON.stringify({ count, schemasAlone, survey, without }));
  } finally {
    await connection.close();
    await server.stop();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
