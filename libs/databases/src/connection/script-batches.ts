/** A part of a SQL Server script that is sent at once. */
export interface ScriptBatch {
  readonly text: string;
  /** The line of the script at which it begins, from 1. */
  readonly line: number;
}

/**
 * Cuts a script at its separators: lines that say `GO` and nothing else, in any case. Text between them is trimmed, and
 * what is empty then is dropped (design 06 §2.3).
 */
export function scriptBatches(script: string): readonly ScriptBatch[] {
  const batches: ScriptBatch[] = [];
  let lines: string[] = [];
  const finish = (nextLine: number) => {
    const first = lines.findIndex((line) => line.trim() !== '');
    if (first >= 0) batches.push({ text: lines.join('\n').trim(), line: nextLine - lines.length + first });
    lines = [];
  };
  const all = script.split(/\r\n|\r|\n/);
  all.forEach((line, index) => {
    if (line.trim().toUpperCase() === 'GO') finish(index + 1);
    else lines.push(line);
  });
  finish(all.length + 1);
  return batches;
}
