import type { Operation } from '../operation/operation.ts';
import { operations } from './index.ts';

/** What the help of the program shows of an operation. */
export type ListedOperation = Pick<Operation, 'name' | 'group' | 'summary'>;

/**
 * All operations as the help of the program lists them. The bundle of the command line has the value in place of this
 * module (`tools/build/bundle.ts`), so that the help starts without the work of the operations.
 */
export async function listedOperations(): Promise<readonly ListedOperation[]> {
  const loaded = await Promise.all(Object.values(operations).map(({ load }) => load()));
  return loaded.flat().map(({ name, group, summary }) => ({ name, group, summary }));
}
