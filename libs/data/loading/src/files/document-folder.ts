import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '@dms/diagnostics';
import { expectEmptyFolder, newFolder, outputError } from '@dms/files';
import type { RelationalModelSet } from '@dms/model';
import { type JsonValue, jsonText } from '@dms/values';
import { ResourcePlaces } from './endpoint-names.ts';
import { GrowingBytes } from './growing-bytes.ts';

/** How many bytes to buffer before a write. */
const bufferLimit = 4_000_000;

/** The file for documents with their uuids. */
const identifiedFile = 'documents.jsonl';

/** The file for deletes and changed keys (design 19a §11). */
const changesFile = 'changes.ndjson';

/** The documents of a folder: `12 documents of 3 resources and descriptors`. */
export const countedDocuments = (documents: number, resources: number): string =>
  `${counted(documents, 'document')} of ${counted(resources, 'resource or descriptor', 'resources and descriptors')}`;

/**
 * Writes documents into a folder, `<project>/<endpoint>.jsonl`, one per line in the order of the calls. The folder has
 * all of them or none (`newFolder`). Throws `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export class DocumentFolder {
  private readonly folder: string;
  private readonly place: string;
  private readonly places: ResourcePlaces;
  /** The file of each resource, relative to the folder. */
  private readonly files = new Map<string, string>();
  /** The text to write, by file. */
  private readonly texts = new Map<string, GrowingBytes>();
  private readonly made = new Set<string>();
  private buffered = 0;

  private constructor(folder: string, place: string, model: RelationalModelSet) {
    this.folder = folder;
    this.place = place;
    this.places = new ResourcePlaces(model);
  }

  /** Runs `fill` and moves the folder into place; nothing else is left behind in any case. */
  static async write<Result>(
    folder: string,
    model: RelationalModelSet,
    fill: (folder: DocumentFolder) => Promise<Result>,
  ): Promise<Result> {
    await expectEmptyFolder(folder);
    const { place, keep, discard } = await newFolder(folder);
    try {
      const documents = new DocumentFolder(folder, place, model);
      const result = await fill(documents);
      await documents.flush();
      await keep();
      return result;
    } finally {
      discard();
    }
  }

  add(resource: string, document: JsonValue): Promise<void> {
    return this.addText(resource, jsonText(document));
  }

  /** Adds a document that is JSON on one line. */
  addText(resource: string, document: string): Promise<void> {
    return this.addLine(this.files.get(resource) ?? this.fileOf(resource), document);
  }

  /** Adds several such documents, in order. */
  async addTexts(resource: string, documents: readonly string[]): Promise<void> {
    for (const document of documents) await this.addText(resource, document);
  }

  /** Adds a document with its uuid, if it has one, to the one file whose records name their resources. */
  addIdentified(resource: string, uuid: string | null, document: JsonValue): Promise<void> {
    return this.addLine(
      identifiedFile,
      jsonText(
        new Map<string, JsonValue>([
          ['resource', resource],
          ...(uuid === null ? [] : [['uuid', uuid] as const]),
          ['document', document],
        ]),
      ),
    );
  }

  /** Adds a line about a document that is gone or has another key. */
  addChange(line: string): Promise<void> {
    return this.addLine(changesFile, line);
  }

  /**
   * Makes the file for changes even if there are none, so that a loader knows that the documents replace earlier ones.
   */
  beginChanges(): void {
    if (!this.texts.has(changesFile)) this.texts.set(changesFile, new GrowingBytes());
  }

  private async addLine(file: string, line: string): Promise<void> {
    const text = this.texts.get(file) ?? new GrowingBytes();
    this.texts.set(file, text);
    this.buffered += text.add(line);
    this.buffered += text.add('\n');
    if (this.buffered > bufferLimit) await this.flush();
  }

  private fileOf(resource: string): string {
    const { folder, name } = this.places.placeOf(resource);
    const file = path.join(folder, `${name}.jsonl`);
    this.files.set(resource, file);
    return file;
  }

  private async flush(): Promise<void> {
    for (const [file, { content }] of this.texts) {
      const target = path.join(this.place, file);
      try {
        const folder = path.dirname(target);
        if (!this.made.has(folder)) await mkdir(folder, { recursive: true });
        this.made.add(folder);
        await appendFile(target, content);
      } catch (error) {
        throw outputError(error, path.join(this.folder, file));
      }
    }
    this.texts.clear();
    this.buffered = 0;
  }
}
