/**
 * `measure <mapping version> <folder for packs> <schema>…`: measures one run of the whole pipeline in a fresh process,
 * and prints its steps as JSON.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  buildEffectiveSchema,
  coreFirst,
  effectiveSchemaManifestText,
  loadApiSchemaFiles,
  readMappingVersion,
} from '@dms/api-schema';
import { catalogText } from '@dms/catalog';
import { ddlManifestText, emitDdl } from '@dms/ddl';
import { deriveModels } from '@dms/derivation';
import { replaceFiles } from '@dms/files';
import { deriveInventory, inventoryText, modelManifestText } from '@dms/inventory';
import { modelText } from '@dms/model';
import { expectShortRun } from '@dms/operations';
import { buildPack } from '@dms/packs';
import { compileMappingSet, mappingSetManifestText, plansText } from '@dms/plans';
import { dialects } from '@dms/sql';

/** A measured step of the pipeline: its time, and the peak resident memory of the process so far, in MB. */
export interface MeasuredStep {
  readonly step: string;
  readonly milliseconds: number;
  readonly peakMegabytes: number;
}

const steps: MeasuredStep[] = [];

async function timed<Result>(step: string, work: () => Result | Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  const milliseconds = performance.now() - start;
  steps.push({ step, milliseconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 });
  return result;
}

async function measure([version = '', packs = '', ...schemas]: readonly string[]): Promise<void> {
  const mappingVersion = readMappingVersion(version, '--mapping-version');
  expectShortRun();
  const documents = await timed('load', () => loadApiSchemaFiles(schemas.map((file) => ({ file }))));
  const set = await timed('hash', () => buildEffectiveSchema(coreFirst(documents), { mappingVersion }));
  const models = await timed('derive model', () => deriveModels(set, dialects).map(({ model }) => model));
  const sets = await timed('derive inventory', () =>
    models.map((model) => ({ model, inventory: deriveInventory(model) })),
  );
  const mappingSets = await timed('compile plans', () => models.map(compileMappingSet));
  for (const mappingSet of mappingSets) {
    const { dialect } = mappingSet.key;
    const pack = await timed(`build pack ${dialect}`, () => buildPack(mappingSet, { name: 'dms', version: 'bench' }));
    writeFileSync(path.join(packs, `${dialect}.mpack`), pack);
  }
  const scripts = await timed('emit ddl', () => sets.map(({ model, inventory }) => emitDdl(model, inventory)));
  const texts = await timed('artifact texts', () => [
    effectiveSchemaManifestText(set.info),
    ...models.map(modelText),
    ...sets.map(({ inventory }) => inventoryText(inventory, mappingVersion)),
    ...sets.map(({ model, inventory }) => modelManifestText(model, inventory, set.info)),
    ...mappingSets.map(plansText),
    mappingSetManifestText(mappingSets),
    ...scripts.flatMap(({ script, catalog }) => [script, catalogText(catalog)]),
    ddlManifestText(set.info, scripts),
  ]);
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-bench-'));
  try {
    await timed('write', async () => {
      const files = texts.map((text, index) => ({ name: String(index), content: text }));
      await replaceFiles(folder, { writer: 'bench', files, earlier: [], markers: [] });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

measure(process.argv.slice(2)).then(() => process.stdout.write(JSON.stringify(steps)));
