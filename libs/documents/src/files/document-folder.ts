import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { appendFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type JsonValue, jsonText, makeFolder, notAFolder, outputError } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import { ResourcePlaces } from './endpoint-names.ts';

/** Characters that are kept before they are written. */
const bufferLimit = 4_000_000;

/**
 * Writes documents into a folder, `<project>/<endpoint>.jsonl`, one per line in the order in which they come. The folder is
 * there when all of them are: until then they are beside it, under a name of their own. One that is there already, empty, stays the
 * folder that it is, as it may be a link, another disk or where somebody works: its contents come when all are written. Throws
 * `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export class DocumentFolder {
  private readonly folder: string;
  private readonly isThere: boolean;
  private readonly staging: string;
  private readonly places: ResourcePlaces;
  private readonly lines = new Map<string, string[]>();
  private readonly made = new Set<string>();
  private buffered = 0;

  private constructor(folder: string, isThere: boolean, model: RelationalModelSet) {
    this.folder = folder;
    this.isThere = isThere;
    const { dir, base } = path.parse(path.resolve(folder));
    const name = `staging-${randomBytes(6).toString('hex')}`;
    this.staging = isThere ? path.join(folder, `.${name}`) : path.join(dir, `.${base}.${name}`);
    this.places = new ResourcePlaces(model);
  }

  /** Runs `fill` and puts the folder in its place; whatever happens, nothing else is left. */
  static async write<Result>(
    folder: string,
    model: RelationalModelSet,
    fill: (folder: DocumentFolder) => Promise<Result>,
  ): Promise<Result> {
    const made = new DocumentFolder(folder, await isEmptyFolder(folder), model);
    await makeFolder(made.staging);
    const forget = () => rmSync(made.staging, { recursive: true, force: true });
    // a signal ends the process without another turn of the event loop
    process.once('exit', forget);
    try {
      const result = await fill(made);
      await made.finish();
      return result;
    } finally {
      process.off('exit', forget);
      await rm(made.staging, { recursive: true, force: true });
    }
  }

  async add(resource: string, document: JsonValue): Promise<void> {
    const { folder, name } = this.places.placeOf(resource);
    const file = path.join(folder, `${name}.jsonl`);
    const text = `${jsonText(document)}\n`;
    const lines = this.lines.get(file);
    if (lines) lines.push(text);
    else this.lines.set(file, [text]);
    this.buffered += text.length;
    if (this.buffered > bufferLimit) await this.flush();
  }

  private async flush(): Promise<void> {
    for (const [file, lines] of this.lines) {
      const target = path.join(this.staging, file);
      try {
        const folder = path.dirname(target);
        if (!this.made.has(folder)) await mkdir(folder, { recursive: true });
        this.made.add(folder);
        await appendFile(target, lines.join(''));
      } catch (error) {
        throw outputError(error, path.join(this.folder, file));
      }
    }
    this.lines.clear();
    this.buffered = 0;
  }

  private async finish(): Promise<void> {
    await this.flush();
    try {
      if (!this.isThere) return await rename(this.staging, this.folder);
      for (const name of await readdir(this.staging)) await rename(path.join(this.staging, name), path.join(this.folder, name));
    } catch (error) {
      throw outputError(error, this.folder);
    }
  }
}

/** Whether a folder is there, which then must be empty. Throws `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`. */
async function isEmptyFolder(folder: string): Promise<boolean> {
  try {
    const found = await readdir(folder);
    if (found.length === 0) return true;
    const listed = found.sort().slice(0, 5).join(', ');
    const text = `The folder ${folder} is not empty (${listed}); choose another one, or empty it.`;
    return fail('DDL_OUTPUT_NOT_EMPTY', text, { file: folder }, { folder, found: found.slice(0, 20) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    throw code === 'ENOTDIR' ? notAFolder(folder) : outputError(error, folder);
  }
}
