import { type Connection, isFailure, type Limits } from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';

/** No document has this id: the statement is compiled with all keys that refer to documents, but finds nothing. */
const deletion = 'DELETE FROM [dms].[Document] WHERE [DocumentId] = -1 OPTION (RECOMPILE);';

const compiled = /parse and compile time:\s*CPU time = (\d+) ms,\s*elapsed time = (\d+) ms/gi;

/** The longest of the times that the server prints: a text is parsed first, and its statement compiled then. */
function longest(messages: readonly string[]): { readonly cpu: number; readonly elapsed: number } | null {
  const times = [...messages.join('\n').matchAll(compiled)].map(([, cpu, elapsed]) => ({
    cpu: Number(cpu),
    elapsed: Number(elapsed),
  }));
  return times.sort((left, right) => right.elapsed - left.elapsed)[0] ?? null;
}

/**
 * `VERIFY_COMPILE_TIME`: how long a SQL Server takes to compile the deletion of a document, whose cascades reach most
 * tables (design 09 §7.2). A notice, not part of the report: the time differs in each run. Empty for an engine that
 * prints no such times.
 */
export async function compileTimeNotes(connection: Connection, limits: Limits): Promise<readonly Diagnostic[]> {
  const { messages } = connection;
  if (!messages) return [];
  try {
    // settings of a batch apply to later batches
    await messages('SET STATISTICS TIME ON;', limits);
    const time = longest(await messages(deletion, limits));
    await messages('SET STATISTICS TIME OFF;', limits);
    if (time === null) return [];
    const { cpu, elapsed } = time;
    const text = `The deletion of a document was compiled in ${elapsed} ms (${cpu} ms of CPU). It is compiled once as long as its plan is kept.`;
    return [diagnostic('VERIFY_COMPILE_TIME', text, {}, { cpuMilliseconds: cpu, elapsedMilliseconds: elapsed })];
  } catch (error) {
    // the steps report what is wrong with the table
    if (!isFailure(error, 'DB_SQL')) throw error;
    return [];
  }
}
