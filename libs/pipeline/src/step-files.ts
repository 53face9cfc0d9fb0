import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { sha256Hex, writeTextFile } from '@dms/canonical-json';
import { type Diagnostic, fail } from '@dms/diagnostics';
import { artifactsOf, type Step } from './artifacts.ts';

/** A file that a step has written. */
export interface Artifact {
  readonly file: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the bytes, 64 lower-case hex digits. */
  readonly sha256: string;
}

export interface StepResult {
  readonly artifacts: readonly Artifact[];
  /** Warnings and notes; a mistake is thrown as a `DmsError` instead. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * Deletes every output of a step, of all dialects, before it writes: what an earlier run with other dialects left must not be
 * taken for an output of this one (design 10 §6.3).
 */
export async function removeOutputs(step: Step, outputDirectory: string): Promise<void> {
  await Promise.all(artifactsOf(step).map((name) => rm(path.join(outputDirectory, name), { force: true })));
}

/** Writes texts, all of which are complete, each by temporary name and rename. Throws the first mistake when all are done. */
export async function writeArtifacts(outputDirectory: string, texts: readonly NamedText[]): Promise<Artifact[]> {
  const written = await Promise.allSettled(
    texts.map(async ({ name, text }): Promise<Artifact> => {
      const file = path.join(outputDirectory, name);
      const bytes = await writeTextFile(file, text);
      return { file, bytes: bytes.length, sha256: sha256Hex(bytes) };
    }),
  );
  return written.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Reads an artifact of an earlier step; `INPUT_FILE_NOT_FOUND` says which step to run when it is not there. */
export async function readArtifact(outputDirectory: string, name: string, writer: Step): Promise<Uint8Array> {
  const file = path.join(outputDirectory, name);
  try {
    return await readFile(file);
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error);
    if (cause === 'ENOENT')
      fail('INPUT_FILE_NOT_FOUND', `${file} does not exist; run ${writer} first.`, { file }, { path: file });
    return fail('INPUT_FILE_UNREADABLE', `${file} cannot be read (${cause}).`, { file }, { path: file, cause });
  }
}
