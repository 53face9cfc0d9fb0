import { catalogText } from '@dms/catalog';
import { commentsScript, ddlManifestText, emitDdl, readDdlManifest } from '@dms/ddl';
import { documentSchemasFormat, inventoryFormat, manifestFormat, modelFormat } from '../engine/artifact-formats.ts';
import type { Step } from '../engine/step.ts';
import { artifactFile } from '../engine/step-table.ts';

/** Emits scripts, desired catalogs and the DDL manifest from models and inventories (design 06, 07). */
export const emitDdlStep: Step<'emit-ddl'> = {
  name: 'emit-ddl',
  async run({ read, perDialect }) {
    const emitted = await perDialect(async (dialect) => {
      return emitDdl(await read(modelFormat, dialect), await read(inventoryFormat, dialect));
    });
    const files = emitted.flatMap(({ dialect, script, catalog }) => {
      return [
        { artifact: 'script', dialect, content: script, value: script },
        { artifact: 'catalog', dialect, content: () => catalogText(catalog), value: catalog },
      ] as const;
    });
    const manifest = ddlManifestText(await read(manifestFormat), emitted);
    const value = readDdlManifest(manifest, artifactFile('ddlManifest'));
    return { made: [...files, { artifact: 'ddlManifest', content: manifest, value }], diagnostics: [] };
  },
};

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
