import { changing, connected, lockedTransaction, passGate, run as send } from '@dms/databases';
import { commentsScript } from '@dms/ddl';
import { counted } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { givenScript } from '@dms/sql';
import { databaseOperation, fileOperation, writtenLines } from '../declaring/operation.ts';
import { folderOfSource, folderOption, missingFolder } from '../declaring/shared-options.ts';
import { scriptsOfSet, setInDatabases } from '../declaring/subject.ts';
import { writeAmongArtifacts } from '../incremental-build/output-folder.ts';
import { artifactFile } from '../incremental-build/step-table.ts';
import { chosenDialects, commentDesigns } from '../sources/source.ts';

/**
 * Writes the scripts of comments, and leaves the other artifacts of the folder alone (design 13 §8). Throws `INPUT_*`,
 * `MODEL_FILE_INVALID`, the codes of `derive-model`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export const emitComments = fileOperation({
  name: 'comments emit',
  group: 'databases',
  summary: 'write the scripts that give tables and columns their definitions',
  description:
    'Writes comments.<dialect>.sql, which gives each table and column the definition of its resource or property: COMMENT ON in ' +
    'PostgreSQL, the extended property MS_Description in SQL Server. No database is needed. Other artifacts in the folder stay.',
  examples: ['comments emit --artifacts out'],
  worksOn: scriptsOfSet,
  options: { output: folderOption() },
  missing: missingFolder,
  async run({ source, dialects: named, ...input }, { onProgress }) {
    const dialects = await chosenDialects(source, named);
    const { info, schemas, models } = await commentDesigns({ source, dialects, onProgress });
    const outputDirectory = mustExist(folderOfSource({ source, ...input }), 'a folder');
    onProgress?.('emit-comments');
    const scripts = models.map((model) => ({ dialect: model.dialect, ...commentsScript(model, schemas) }));
    const files = scripts.map(({ dialect, text }) => ({
      name: artifactFile('commentsScript', dialect),
      content: text,
    }));
    const artifacts = await writeAmongArtifacts(outputDirectory, 'emit-comments', files);
    const comments = Math.max(...scripts.map((script) => script.comments));
    return { effectiveSchemaHash: info.effectiveSchemaHash, comments, artifacts, diagnostics: [] };
  },
  lines: ({ comments, effectiveSchemaHash, artifacts }) => [
    `Comments: ${comments}`,
    `Effective schema hash: ${effectiveSchemaHash}`,
    ...writtenLines(artifacts),
  ],
  value: ({ effectiveSchemaHash, comments, artifacts }) => ({
    effectiveSchemaHash,
    comments,
    files: artifacts.map(({ file }) => file),
  }),
});

/**
 * Gives the tables and columns of a database their definitions as comments, in one transaction under the provisioning
 * lock (design 13 §8). Throws the codes of `commentDesigns`, `GATE_*`, `PROVISION_LOCKED` and `DB_*`.
 */
export const applyComments = databaseOperation({
  name: 'comments apply',
  group: 'databases',
  summary: 'give the tables and columns of a database their definitions',
  description:
    'Gives the tables and columns of a provisioned database their definitions as comments, in one transaction, or replaces those of ' +
    'an earlier run. Nothing else changes: the schema set stays the same, and check finds no difference.',
  examples: [
    'comments apply --artifacts out --connection-env CAMPUS_DB',
    'comments apply --artifacts out --fleet fleet.json',
  ],
  worksOn: setInDatabases(),
  options: {},
  async prepare({ source, dialect }, { onProgress }) {
    const { info, schemas, models } = await commentDesigns({
      source,
      dialects: [mustExist(dialect, 'the dialect')],
      onProgress,
    });
    return { info, script: commentsScript(mustExist(models[0], `the model for ${dialect}`), schemas) };
  },
  async run({ target, dialect, prepared: { info, script } }, _, context) {
    const { signal, onWaiting } = context;
    await connected(target, context, async (connection) => {
      await passGate(connection, info, signal);
      context.onProgress?.('apply comments');
      const apply = () => send(connection, givenScript(script.text), { signal });
      await changing(() => lockedTransaction(connection, apply, { signal, onWaiting }));
    });
    return { dialect, effectiveSchemaHash: info.effectiveSchemaHash, comments: script.comments, diagnostics: [] };
  },
  lines: ({ comments, effectiveSchemaHash }) => [
    `Applied ${counted(comments, 'comment')}`,
    `Effective schema hash: ${effectiveSchemaHash}`,
  ],
  value: ({ dialect, effectiveSchemaHash, comments }) => ({ dialect, effectiveSchemaHash, comments }),
  entry: ({ comments }) => ({ outcome: 'applied', detail: counted(comments, 'comment'), value: { comments } }),
});
