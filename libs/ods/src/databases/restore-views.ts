import type { Connection, Limits, MarkedView } from '@dms/databases';
import { mustExist, type RelationalModelSet } from '@dms/model';
import type { OdsMapping } from '../mapping/ods-mapping.ts';
import { optionsOfMark } from '../script/marked-options.ts';
import { reportingScript } from '../script/reporting-script.ts';

/**
 * Creates the reporting views of a schema set in place of earlier ones, with the options of these, in the open
 * transaction (design 19 §8). Throws `ODS_VIEW_NAME_TAKEN`, `DB_*`.
 */
export async function restoreViews(
  connection: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  earlier: readonly MarkedView[],
  limits: Limits = {},
): Promise<void> {
  const { options } = mustExist(earlier[0], 'an earlier reporting view');
  const { text } = reportingScript(mapping, model, optionsOfMark(options));
  await connection.execute(text, limits);
}
