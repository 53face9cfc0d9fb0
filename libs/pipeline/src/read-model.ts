import path from 'node:path';
import { type EffectiveSchemaManifest, readEffectiveSchemaManifest } from '@dms/api-schema';
import { type Inventory, readInventory } from '@dms/inventory';
import { type RelationalModelSet, readModel } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { artifactNames } from './artifacts.ts';
import { readArtifact } from './step-files.ts';

/** What the steps after `derive-model` take: the folder of the mapping set and the dialects of this run. */
export interface ArtifactStepOptions {
  readonly outputDirectory: string;
  readonly dialects: readonly SqlDialect[];
}

export async function readManifestArtifact(outputDirectory: string): Promise<EffectiveSchemaManifest> {
  const name = artifactNames.effectiveSchemaManifest;
  return readEffectiveSchemaManifest(
    await readArtifact(outputDirectory, name, 'derive-model'),
    path.join(outputDirectory, name),
  );
}

export async function readModelArtifact(
  outputDirectory: string,
  dialect: SqlDialect,
  manifest: EffectiveSchemaManifest,
): Promise<RelationalModelSet> {
  const name = artifactNames.model(dialect);
  const bytes = await readArtifact(outputDirectory, name, 'derive-model');
  return readModel(Buffer.from(bytes).toString('utf8'), path.join(outputDirectory, name), dialect, manifest);
}

export async function readInventoryArtifact(outputDirectory: string, dialect: SqlDialect): Promise<Inventory> {
  const name = artifactNames.inventory(dialect);
  const bytes = await readArtifact(outputDirectory, name, 'derive-inventory');
  return readInventory(Buffer.from(bytes).toString('utf8'), path.join(outputDirectory, name), dialect);
}
