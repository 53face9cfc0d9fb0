import type { Operation } from '../declaring/operation.ts';
import { operations } from './index.ts';

/** The members of an operation that the help of the program shows. */
export type ListedOperation = Pick<Operation, 'name' | 'group' | 'summary'>;

/**
 * All operations as the help of the program lists them. The bundle of the command line contains the value in place of
 * this module (`tools/build/bundle.ts`), so that the help does not load the operations.
 */
export async function listedOperations(): Promise<readonly ListedOperation[]> {
  const loaded = await Promise.all(Object.values(operations).map(({ load }) => load()));
  return loaded.flat().map(({ name, group, summary }) => ({ name, group, summary }));
}
