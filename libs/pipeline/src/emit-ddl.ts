import { catalogText } from '@dms/catalog';
import { ddlManifestText, emitDdl } from '@dms/ddl';
import { inventoryFormat, manifestFormat, modelFormat } from './artifact-formats.ts';
import type { Step } from './step.ts';

/** From models and inventories to scripts, desired catalogs and the DDL manifest (design 06, 07). */
export const emitDdlStep: Step<'emit-ddl'> = {
  name: 'emit-ddl',
  async run({ read, perDialect }) {
    const emitted = await perDialect(async (dialect) => {
      return emitDdl(await read(modelFormat, dialect), await read(inventoryFormat, dialect));
    });
    const files = emitted.flatMap(({ dialect, script, catalog }) => {
      return [
        { artifact: 'script', dialect, content: script },
        { artifact: 'catalog', dialect, content: catalogText(catalog) },
      ] as const;
    });
    const manifest = ddlManifestText(await read(manifestFormat), emitted);
    return { made: [...files, { artifact: 'ddlManifest', content: manifest }], diagnostics: [] };
  },
};
