import { DmsError } from '@dms/diagnostics';
import { type SchemaInput, type SourcePositions, sourcePositions } from '@dms/operations';

/** Runs an operation on schemas and adds lines and columns to its diagnostics, whether thrown or returned. */
export async function located<Result>(
  schemas: readonly SchemaInput[],
  work: (locate: SourcePositions['locate']) => Promise<Result>,
): Promise<Result> {
  const texts = schemas.filter((schema) => typeof schema !== 'string');
  const { locate } = sourcePositions({ texts: () => texts });
  try {
    return await work(locate);
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    const [first, ...rest] = error.diagnostics;
    throw new DmsError([locate(first), ...rest.map(locate)]);
  }
}
