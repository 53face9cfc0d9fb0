import { descriptorValues } from '@dms/catalog';
import { core } from '@dms/model';
import { literal, q } from '../../pgsql/body-text.ts';
import { enclosed, indented } from '../../statement-lines.ts';
import { leaveDocument, type MirroredTable, newVersion, readDocument, takeStamps } from './mirrored-stamping.ts';

const id = q('DocumentId');
const resourceKey = q('ResourceKeyId');

const message = `${core.descriptor.schema}.${core.descriptor.name}.ResourceKeyId diverges from that of document %: % instead of %.`;

/** A descriptor must have the resource of its document. */
const checkResource = [
  `IF resource_key <> NEW.${resourceKey} THEN`,
  ...indented([`RAISE EXCEPTION ${literal(message)},`, `    NEW.${id}, NEW.${resourceKey}, resource_key;`]),
  'END IF;',
];

const readWithResource = readDocument([resourceKey], ['resource_key']);

/** `OLD.x IS DISTINCT FROM NEW.x` for at least one of several columns. */
const someDiffer = (columns: readonly string[]) =>
  columns.map((name, index) => `${index === 0 ? '' : '    OR '}OLD.${q(name)} IS DISTINCT FROM NEW.${q(name)}`);

/** The table of all descriptors (design 16 §6.6): only its values count as changes, and the identity never changes. */
export const descriptorTableRules: MirroredTable = {
  declarations: ['resource_key smallint;'],
  insert: [...readWithResource, ...takeStamps(checkResource)],
  update: [
    ...enclosed('IF ', someDiffer(['DocumentId', 'ResourceKeyId']), ' THEN'),
    ...indented([...readWithResource, ...takeStamps(checkResource)]),
    'END IF;',
    ...enclosed('IF ', someDiffer(['DocumentId', ...descriptorValues]), ' THEN'),
    ...indented([...newVersion, ...leaveDocument]),
    'END IF;',
  ],
  projection: [],
};
