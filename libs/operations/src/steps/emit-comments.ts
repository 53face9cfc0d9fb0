import { commentsScript } from '@dms/ddl';
import { replaceFiles } from '@dms/files';
import { dialects as allDialects, type SqlDialect } from '@dms/sql';
import { documentSchemasFormat, modelFormat } from '../engine/artifact-formats.ts';
import { checkOutputFolder } from '../engine/output-folder.ts';
import type { Step } from '../engine/step.ts';
import { artifactFile, filesOf, setSteps } from '../engine/step-table.ts';
import type { Artifact } from '../engine/stores.ts';
import { commentDesigns, type DatabaseSource, dialectsOf } from '../sources/source.ts';

/** Renders the definitions of a schema set as comments in a database (design 13 §8). */
export const emitCommentsStep: Step<'emit-comments'> = {
  name: 'emit-comments',
  async run({ read, perDialect }) {
    const schemas = await read(documentSchemasFormat);
    const made = await perDialect(async (dialect) => {
      const { text } = commentsScript(await read(modelFormat, dialect), schemas);
      return { artifact: 'commentsScript', dialect, content: text } as const;
    });
    return { made, diagnostics: [] };
  },
};

export interface EmitCommentsOptions {
  /** ApiSchemas, or artifacts. */
  readonly source: DatabaseSource;
  /** By default the dialects of the source; a folder of artifacts may have only one. */
  readonly dialects?: readonly SqlDialect[] | undefined;
  readonly outputDirectory: string;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

export interface EmittedComments {
  readonly effectiveSchemaHash: string;
  /** How many comments a database gets. */
  readonly comments: number;
  readonly artifacts: readonly Artifact[];
}

/**
 * `dms-ddl comments emit`: writes the scripts, and leaves the other artifacts of the folder alone (design 13 §8). Throws `INPUT_*`,
 * `MODEL_FILE_INVALID`, the codes of `derive-model`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export async function emitComments({
  source,
  dialects,
  outputDirectory,
  onProgress,
}: EmitCommentsOptions): Promise<EmittedComments> {
  const wanted = dialects ?? (await dialectsOf(source));
  const chosen = allDialects.filter((dialect) => wanted.includes(dialect));
  const { info, schemas, models } = await commentDesigns(source, chosen, onProgress);
  await checkOutputFolder(outputDirectory, new Set(filesOf(setSteps)));
  onProgress?.('emit-comments');
  const scripts = models.map((model) => ({ dialect: model.dialect, ...commentsScript(model, schemas) }));
  const files = scripts.map(({ dialect, text }) => ({ name: artifactFile('commentsScript', dialect), content: text }));
  const artifacts = await replaceFiles(outputDirectory, {
    ...{ writer: 'emit-comments', files, earlier: filesOf(['emit-comments']), markers: [] },
  });
  return {
    ...{ effectiveSchemaHash: info.effectiveSchemaHash, artifacts },
    comments: Math.max(...scripts.map(({ comments }) => comments)),
  };
}
