import type { TrackedChangeTable } from '../../src/explored-set.ts';
import { Name, TableLink, TypeName } from './names.tsx';
import { WideTable } from './wide-table.tsx';

type TrackedValue = TrackedChangeTable['valueColumns'][number];

const roleWords: Readonly<Record<TrackedValue['role'], string>> = {
  Scalar: '',
  DescriptorNamespace: 'namespace of the descriptor',
  DescriptorCodeValue: 'code value of the descriptor',
  PersonDocumentId: 'document of the person',
};

const originWords: Readonly<Record<TrackedValue['origins'][number], string>> = {
  Identity: 'identity',
  SecurableElement: 'authorization',
};

/** The purpose of a table of tracked changes. */
export function TrackedSentence({ tracked: { sourceTable } }: { readonly tracked: TrackedChangeTable }) {
  return (
    <p>
      Gets a row when a document of <TableLink table={sourceTable} /> is deleted or gets another key, so that clients
      can follow.
    </p>
  );
}

/** The old and new values that a row of tracked changes keeps. */
export function TrackedValues({ tracked }: { readonly tracked: TrackedChangeTable }) {
  return (
    <WideTable label="Tracked values" head={['JSON path', 'Before', 'After', 'Type', 'Holds', 'For']}>
      {tracked.valueColumns.map((value) => (
        <tr key={value.oldColumn}>
          <th scope="row">
            <Name text={value.sourceJsonPath} />
          </th>
          <td>
            <Name text={value.oldColumn} />
          </td>
          <td>
            <Name text={value.newColumn} />
          </td>
          <td>
            <TypeName type={value.scalarType} />
          </td>
          <td>{roleWords[value.role]}</td>
          <td>{value.origins.map((origin) => originWords[origin]).join(', ')}</td>
        </tr>
      ))}
    </WideTable>
  );
}
