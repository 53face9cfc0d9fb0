import {
  compileJsonPath,
  type FormatIssue,
  issueText,
  queryFieldPaths,
  readFormat,
  securedResourceSchema,
} from '@dms/api-schema';
import { isJsonObject, JsonNumber, type JsonObject, orderedMembers } from '@dms/canonical-json';
import { failIfAny } from '@dms/diagnostics';
import type { QueryField, ScalarType } from '@dms/model';
import type { ResourceMembers } from '../draft/draft-rules.ts';
import { type ResourceEntry, resourceDiagnostic } from '../input/resource-entry.ts';
import { stringType } from '../input/scalar-type.ts';

/** Reports malformed members: `APISCHEMA_INVALID` for each. */
function refuse(entry: ResourceEntry, issues: readonly FormatIssue[], prefix = ''): never {
  failIfAny(
    issues.map((issue) => {
      const member = prefix + issue.member;
      return resourceDiagnostic('APISCHEMA_INVALID', entry.label, `${member} ${issueText(issue)}`, member, { field: member });
    }),
  );
  throw new Error('unreachable');
}

const pathOf = (entry: ResourceEntry, text: string, member: string) => compileJsonPath(text, { resource: entry.label }, member);

function readQueryFields(entry: ResourceEntry, mapping: JsonObject): QueryField[] {
  return orderedMembers(mapping).map(([field, value]) => {
    const member = `queryFieldMapping.${field}`;
    const read = readFormat(queryFieldPaths, value);
    if ('issues' in read) return refuse(entry, read.issues, member);
    const paths = read.value.map(({ path, type }, index) => ({ path: pathOf(entry, path, `${member}[${index}].path`), type }));
    return { field, paths };
  });
}

/** The type of a text of a descriptor. A text without a length has the length of its column in `dms.Descriptor`. */
function textType(entry: ResourceEntry, property: string, columnLength: number): ScalarType {
  const schema = entry.json.get('jsonSchemaForInsert');
  const properties = isJsonObject(schema) ? schema.get('properties') : undefined;
  const text = isJsonObject(properties) ? properties.get(property) : undefined;
  const maxLength = isJsonObject(text) ? text.get('maxLength') : undefined;
  return stringType(maxLength instanceof JsonNumber ? Number(maxLength.lexeme) : columnLength);
}

/**
 * The paths by which a resource can be secured, and the fields that a query can name (design 15 §3.2). Throws
 * `APISCHEMA_INVALID`, `JSONPATH_INVALID`.
 */
export function readResourceMembers(entry: ResourceEntry): ResourceMembers {
  const read = readFormat(securedResourceSchema, entry.json);
  if ('issues' in read) return refuse(entry, read.issues);
  const { securableElements, queryFieldMapping } = read.value;
  const paths = (kind: 'Namespace' | 'Student' | 'Contact' | 'Staff') =>
    (securableElements?.[kind] ?? []).map((text, index) => pathOf(entry, text, `securableElements.${kind}[${index}]`));
  return {
    securableElements: {
      educationOrganization: (securableElements?.EducationOrganization ?? []).map(({ jsonPath, metaEdName }, index) => ({
        jsonPath: pathOf(entry, jsonPath, `securableElements.EducationOrganization[${index}].jsonPath`),
        metaEdName,
      })),
      namespace: paths('Namespace'),
      student: paths('Student'),
      contact: paths('Contact'),
      staff: paths('Staff'),
    },
    queryFieldMapping: queryFieldMapping ? readQueryFields(entry, queryFieldMapping) : [],
    descriptorTexts:
      entry.json.get('isDescriptor') === true
        ? { namespace: textType(entry, 'namespace', 255), codeValue: textType(entry, 'codeValue', 50) }
        : null,
  };
}
