import type { compareDatabase } from '@dms/checking';
import { mustExist } from '@dms/model';
import type { RepairedSet } from '@dms/upgrade';
import type { Context, Input } from '../../declaring/operation.ts';
import {
  type DatabaseDesign,
  type DatabaseSource,
  type DatabaseWithDocuments,
  databaseDesign,
  databaseWithDocuments,
} from '../../sources/source.ts';

/** The schema set that databases are compared with. */
export interface CheckDesign {
  readonly design: DatabaseDesign;
  /** The parts of the set that a repair of the catalog needs. */
  repairedSet(): Promise<RepairedSet>;
  /** The parts of the set that a check of rows needs; undefined if no rows are checked. */
  readonly rows: Parameters<typeof compareDatabase>[2]['rows'];
}

/** Reads the set for one of the kinds of a check. Throws the codes of `databaseWithDocuments`. */
type ReadsCheckDesign = (
  input: Pick<Input<unknown, DatabaseSource>, 'source' | 'dialect'>,
  context: Pick<Context, 'onProgress'>,
) => Promise<CheckDesign>;

const repairedSetOf = ({ design, documents: { model, inventory } }: DatabaseWithDocuments): RepairedSet => ({
  model,
  inventory,
  catalog: design.catalog,
});

/** The set for a check of the catalog and of the rows. */
export const setWithRows: ReadsCheckDesign = async ({ source, dialect }, { onProgress }) => {
  const read = await databaseWithDocuments({ source, onProgress }, mustExist(dialect, 'the dialect'), true);
  const { model, inventory, schemas } = read.documents;
  const rows = { model, inventory, schemas: mustExist(schemas, 'the schemas of documents') };
  return { design: read.design, repairedSet: async () => repairedSetOf(read), rows };
};

/** The set for a check of the catalog; what a repair needs is read only if a database differs. */
export const setOfCatalog: ReadsCheckDesign = async ({ source, dialect: named }, { onProgress }) => {
  const dialect = mustExist(named, 'the dialect');
  const design = await databaseDesign(source, dialect, onProgress);
  let read: Promise<RepairedSet> | undefined;
  const repairedSet = () => {
    read ??= databaseWithDocuments({ source }, dialect).then(repairedSetOf);
    return read;
  };
  return { design, repairedSet, rows: undefined };
};
