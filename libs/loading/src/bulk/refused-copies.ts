import { type Connection, copiedRowOf, isRefusedRow, savepoints } from '@dms/databases';
import { mustExist } from '@dms/model';

const lineEnd = 0x0a;

/** The offset after each row, in the text form of `COPY`, where a line end inside a value is escaped. */
function rowEnds(content: Uint8Array): readonly number[] {
  const ends: number[] = [];
  for (let at = content.indexOf(lineEnd); at >= 0; at = content.indexOf(lineEnd, at + 1)) ends.push(at + 1);
  return ends;
}

/** How many rows follow a refused one at least in the next copy. */
const fewestRows = 64;

/**
 * Copies rows, leaving out those that the server refuses: each failure names its row, and the next copy begins after
 * it. Returns the offsets at which refused rows begin, as far as the server names them. The rows before a refused one
 * are not copied again: they are known to be right. Copies grow with what was copied before the last failure, so that
 * the rows behind a failure, which were sent in vain, are not many more than those before it.
 */
export async function refusedCopies(
  connection: Connection,
  content: Uint8Array,
  copy: (content: Uint8Array) => Promise<void>,
): Promise<readonly number[]> {
  const savepoint = mustExist(savepoints[connection.dialect], 'a savepoint');
  const ends = rowEnds(content);
  const startOf = (row: number) => (row === 0 ? 0 : mustExist(ends[row - 1], 'the end of a row'));
  const refused: number[] = [];
  let first = 0;
  let length = ends.length;
  await connection.execute(savepoint.set);
  while (first < ends.length) {
    const last = Math.min(first + length, ends.length);
    try {
      await copy(content.subarray(startOf(first), startOf(last)));
      await connection.execute(`${savepoint.release}; ${savepoint.set}`);
      first = last;
      length *= 2;
    } catch (error) {
      const row = copiedRowOf(error);
      if (!isRefusedRow(error, connection.dialect)) throw error;
      await connection.execute(savepoint.undo);
      if (row === null || row < 1 || row > last - first) break;
      refused.push(startOf(first + row - 1));
      first += row;
      length = Math.max(fewestRows, 2 * row);
    }
  }
  await connection.execute(savepoint.release);
  return refused;
}
