import { readdirSync } from 'node:fs';
import path from 'node:path';
import { buildEffectiveSchema, type EffectiveSchemaInfo, type EffectiveSchemaSet, loadApiSchemaFiles } from '@dms/api-schema';
import type { Catalog } from '@dms/catalog';
import { deriveModel } from '@dms/derivation';
import { deriveInventory, type Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { type Document, schemaSet } from '@dms/testing';
import { emitDdl } from '../src/index.ts';

/** A schema set carried through to the script of one dialect. */
export interface Emitted {
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  readonly script: string;
  readonly catalog: Catalog;
}

function emitSet(set: EffectiveSchemaSet, dialect: SqlDialect): Emitted {
  const { model } = deriveModel(set, dialect);
  const inventory = deriveInventory(model);
  const { script, catalog } = emitDdl(model, inventory);
  return { model, inventory, script, catalog };
}

/** Both dialects of a set, each derived when it is first asked for. */
export class EmittedSet {
  readonly set: EffectiveSchemaSet;
  private readonly done = new Map<SqlDialect, Emitted>();

  constructor(set: EffectiveSchemaSet) {
    this.set = set;
  }

  in(dialect: SqlDialect): Emitted {
    const known = this.done.get(dialect);
    if (known) return known;
    const emitted = emitSet(this.set, dialect);
    this.done.set(dialect, emitted);
    return emitted;
  }

  get pgsql(): Emitted {
    return this.in('pgsql');
  }

  get mssql(): Emitted {
    return this.in('mssql');
  }

  get scripts(): { dialect: SqlDialect; script: string }[] {
    return dialects.map((dialect) => ({ dialect, script: this.in(dialect).script }));
  }
}

/** The set of ApiSchema files. */
export async function emitFiles(...files: readonly string[]): Promise<EmittedSet> {
  return new EmittedSet(buildEffectiveSchema(await loadApiSchemaFiles(files.map((file) => ({ file })))));
}

/** The set of all files of a folder. */
export async function emitFolder(folder: string): Promise<EmittedSet> {
  return emitFiles(...readdirSync(folder).map((name) => path.join(folder, name)));
}

/** The set of ApiSchema documents that are plain values. */
export function emitDocuments(...documents: readonly object[]): EmittedSet {
  return new EmittedSet(schemaSet(...(documents as readonly Document[])));
}

const schemas = path.resolve(import.meta.dirname, '../../../fixtures/schemas');

/** The schema set of this project's own fixtures: a core and an extension. */
export function emitCampusAndAthletics(): Promise<EmittedSet> {
  return emitFiles(path.join(schemas, 'campus/ApiSchema.json'), path.join(schemas, 'athletics/ApiSchema.json'));
}

/** The script of a model whose fingerprint is changed by hand. */
export function scriptWith({ model, inventory }: Emitted, change: Partial<EffectiveSchemaInfo>): string {
  return emitDdl({ ...model, effectiveSchema: { ...model.effectiveSchema, ...change } }, inventory).script;
}

/** A script cut at the borders of its segments (design 06 §2.1); `model` is the schema-derived one. */
export interface Segments {
  readonly preflight: string;
  readonly core: string;
  readonly model: string;
  readonly seed: string;
}

/** The core ends with its one trigger; segment C has no headers, and the seeds begin with theirs. */
export function segmentsOf(dialect: SqlDialect, script: string): Segments {
  const core = script.indexOf(`-- ${'='.repeat(58)}\n-- Phase 1: Schemas`);
  const triggers = script.indexOf('-- Phase 8: Triggers', core);
  const lastLine = dialect === 'pgsql' ? '"TF_Document_Journal"();\n\n' : 'END;\nGO\n\n';
  const model = script.indexOf(lastLine, triggers) + lastLine.length;
  const seed = script.indexOf(`-- ${'='.repeat(58)}\n-- Phase 7: Seed Data`, model);
  return {
    preflight: script.slice(0, core),
    core: script.slice(core, model),
    model: script.slice(model, seed),
    seed: script.slice(seed),
  };
}
