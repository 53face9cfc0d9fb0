import { commentsScript } from '@dms/ddl';
import { documentSchemasFormat, modelFormat } from '../incremental-build/artifact-formats.ts';
import type { Step } from '../incremental-build/step.ts';

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
