import { type ApiSchemaDocument, type EffectiveSchemaInfo, loadApiSchemaFiles } from '@dms/api-schema';
import { type EmittedDdl, emitDdl } from '@dms/ddl';
import type { Diagnostic } from '@dms/diagnostics';
import { deriveInventory } from '@dms/inventory';
import { compileMappingSet, type MappingSet } from '@dms/plans';
import { dialects as allDialects, type SqlDialect } from '@dms/sql';
import { artifactsOf } from './artifacts.ts';
import { mappingSetManifest, plansArtifact } from './compile-plans.ts';
import { inventoryTexts } from './derive-inventory.ts';
import { type DerivedModels, deriveModels, modelTexts } from './derive-model.ts';
import { ddlManifest, ddlTexts } from './emit-ddl.ts';
import { checkOutputFolder, clearArtifacts } from './output-folder.ts';
import { type Artifact, type NamedText, writeArtifacts } from './step-files.ts';

export interface EmitOptions {
  /** ApiSchema files in any order. */
  readonly schemas: readonly string[];
  readonly dialects: readonly SqlDialect[];
  readonly outputDirectory: string;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: (part: string) => void;
}

export interface EmitResult {
  readonly info: EffectiveSchemaInfo;
  readonly artifacts: readonly Artifact[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The files that `emit` may write, of any dialect: what it removes of an earlier run. */
export const emitArtifacts: ReadonlySet<string> = new Set(
  (['derive-model', 'derive-inventory', 'compile-plans', 'emit-ddl'] as const).flatMap((step) => artifactsOf(step)),
);

/** All artifacts of a set of documents, as texts, in the order in which they are written (design 06 §9). */
export function compileArtifacts(
  documents: readonly ApiSchemaDocument[],
  chosen: readonly SqlDialect[],
  onProgress: (part: string) => void = () => {},
): { derived: DerivedModels; texts: readonly NamedText[] } {
  const dialects = allDialects.filter((dialect) => chosen.includes(dialect));
  onProgress('derive-model');
  const derived = deriveModels(documents, dialects);
  const [manifest, ...modelFiles] = modelTexts(derived);
  const texts: NamedText[] = manifest ? [manifest] : [];
  const mappingSets: MappingSet[] = [];
  const emitted: EmittedDdl[] = [];
  derived.models.forEach((model, index) => {
    onProgress(`derive-inventory ${model.dialect}`);
    const inventory = deriveInventory(model);
    onProgress(`compile-plans ${model.dialect}`);
    const mappingSet = compileMappingSet(model);
    mappingSets.push(mappingSet);
    onProgress(`emit-ddl ${model.dialect}`);
    const ddl = emitDdl(model, inventory);
    emitted.push(ddl);
    texts.push(
      modelFiles[index] as NamedText,
      ...inventoryTexts(model, inventory),
      plansArtifact(mappingSet),
      ...ddlTexts(ddl),
    );
  });
  texts.push(mappingSetManifest(mappingSets), ddlManifest(derived.set.info, emitted));
  return { derived, texts };
}

/**
 * `dms-ddl emit`: every step in one process, each file byte-equal to that of the Nx target (design 06 §9). All texts are
 * computed before the first file is written; a mistake leaves the folder as it was.
 */
export async function emit({ schemas, dialects, outputDirectory, onProgress }: EmitOptions): Promise<EmitResult> {
  onProgress?.('load');
  const documents = await loadApiSchemaFiles(schemas.map((file) => ({ file })));
  await checkOutputFolder(outputDirectory, emitArtifacts);
  const { derived, texts } = compileArtifacts(documents, dialects, onProgress);
  onProgress?.('write');
  await clearArtifacts(outputDirectory, emitArtifacts);
  const artifacts = await writeArtifacts(outputDirectory, texts);
  return { info: derived.set.info, artifacts, diagnostics: derived.notes };
}
