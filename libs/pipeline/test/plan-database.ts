import { randomUUID } from 'node:crypto';
import { buildEffectiveSchema, resourceLabel } from '@dms/api-schema';
import { toJsonValue } from '@dms/canonical-json';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { QualifiedResourceName } from '@dms/model';
import { compileMappingSet, getReadPlan, getWritePlan, type MappingSet, type ResourceWritePlan } from '@dms/plans';
import { PlainWorld, type SampleDocument } from './plain-world.ts';
import { readDocuments, type Session, type WriteOptions, writeDocument } from './plan-executor.ts';
import { type Json, type JsonObject, type Lookup, WriteRefused } from './plan-rows.ts';

/** An ApiSchema document as plain JSON. */
export type SchemaDocument = object;

/** Plans and script of a schema set for PostgreSQL. */
export interface CompiledSchemas {
  readonly mappingSet: MappingSet;
  readonly script: string;
}

export function compileSchemas(schemas: readonly SchemaDocument[]): CompiledSchemas {
  const documents = schemas.map((root, index) => ({ file: `schema-${index}.json`, root: toJsonValue(root) }));
  const { model } = deriveModel(buildEffectiveSchema(documents), 'pgsql');
  return { mappingSet: compileMappingSet(model), script: emitDdl(model, deriveInventory(model)).script };
}

export function named(label: string): QualifiedResourceName {
  const [projectName = '', resourceName = ''] = label.split(':');
  return { projectName, resourceName };
}

const descriptorText = /uri:\/\/sample\.org\/([a-z0-9]+)#[^"]*/gi;

/** A database that holds the documents of a world, written and read by plans. */
export class PlanDatabase {
  readonly world: PlainWorld;
  readonly mappingSet: MappingSet;
  readonly session: Session;
  private readonly ids = new Map<SampleDocument, number>();
  private readonly descriptorIds = new Map<string, number>();
  private readonly descriptorLabels: ReadonlyMap<string, string>;
  /** How many commands have been sent. */
  commands = 0;

  constructor({ mappingSet }: CompiledSchemas, session: Session, next: () => number) {
    this.mappingSet = mappingSet;
    this.world = new PlainWorld(mappingSet.model, next);
    this.session = {
      exec: (sql) => {
        this.commands += 1;
        return session.exec(sql);
      },
      queryRows: (sql, params) => {
        this.commands += 1;
        return session.queryRows(sql, params);
      },
    };
    this.descriptorLabels = new Map(
      mappingSet.model.resources
        .filter(({ storageKind }) => storageKind === 'SharedDescriptorTable')
        .map(({ resourceKey }) => [resourceKey.resourceName, resourceLabel(resourceKey)]),
    );
  }

  readonly lookup: Lookup = {
    document: (target, identity) => {
      const found = this.world.find(target, identity);
      return found && this.ids.get(found);
    },
    descriptor: (resource, uri) => this.descriptorIds.get(`${resourceLabel(resource)} ${uri}`),
  };

  idOf(sample: SampleDocument): number {
    const id = this.ids.get(sample);
    if (id === undefined) throw new Error(`${sample.label} is not written`);
    return id;
  }

  /** Writes all documents that the world has made since the last time. */
  async writeNew(): Promise<void> {
    for (const sample of this.world.takeNew()) {
      await this.addDescriptors(sample.document);
      const id = await this.insertDocument(sample.label);
      await this.write(sample.label, id, sample.document, {});
      this.ids.set(sample, id);
    }
  }

  /** Replaces the content of a document. */
  async replace(sample: SampleDocument, document: JsonObject, options: WriteOptions = {}): Promise<void> {
    await this.writeNew();
    await this.addDescriptors(document);
    await this.write(sample.label, this.idOf(sample), document, { ...options, replaces: true });
    sample.document = document;
  }

  /** Documents of one resource, read together. */
  async read(samples: readonly SampleDocument[]): Promise<Map<SampleDocument, JsonObject | undefined>> {
    const [first] = samples;
    if (!first) return new Map();
    const plan = getReadPlan(this.mappingSet, named(first.label));
    const found = await readDocuments(
      this.session,
      plan,
      samples.map((sample) => this.idOf(sample)),
    );
    return new Map(samples.map((sample) => [sample, found.get(this.idOf(sample))]));
  }

  /** The write plan of a resource. */
  writePlan(label: string): ResourceWritePlan {
    return getWritePlan(this.mappingSet, named(label));
  }

  private async write(label: string, id: number, document: Json, options: WriteOptions): Promise<void> {
    try {
      await writeDocument(this.session, this.writePlan(label), id, document, this.lookup, options);
    } catch (error) {
      if (error instanceof WriteRefused) throw error;
      throw new Error(`${label}: ${(error as Error).message}: ${JSON.stringify(document)}`, { cause: error });
    }
  }

  private async insertDocument(label: string): Promise<number> {
    const [row] = await this.session.queryRows(
      'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES ($1, $2) RETURNING "DocumentId"',
      [randomUUID(), this.mappingSet.resourceKeyIdByResource.get(label)],
    );
    return Number(row?.[0]);
  }

  /** Every descriptor that a document names. */
  async addDescriptors(document: JsonObject): Promise<void> {
    for (const [uri, name = ''] of JSON.stringify(document).matchAll(descriptorText)) {
      const label = this.descriptorLabels.get(name);
      if (label === undefined || this.descriptorIds.has(`${label} ${uri.toLowerCase()}`)) continue;
      const id = await this.insertDocument(label);
      const [namespace, code] = uri.split('#');
      await this.session.queryRows(
        `INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
         VALUES ($1, $2, $3, $3, $4, $5)`,
        [id, namespace, code, name, uri],
      );
      this.descriptorIds.set(`${label} ${uri.toLowerCase()}`, id);
    }
  }
}
