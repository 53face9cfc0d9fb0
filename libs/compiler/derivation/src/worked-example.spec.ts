import { dialects } from '@dms/sql';
import { build, modelOf, resourceOf, tableOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { constraintsOf, lines, tableLines } from '../test/model-text.ts';

const library = build.resource('Library', {
  identityJsonPaths: ['$.libraryId'],
  allowIdentityUpdates: true,
  jsonSchemaForInsert: build.object({ libraryId: build.integer() }, ['libraryId']),
});

const book = build.resource('Book', {
  identityJsonPaths: ['$.isbn'],
  jsonSchemaForInsert: build.object({ isbn: build.string(13) }, ['isbn']),
});

const loan = build.resource('Loan', {
  identityJsonPaths: ['$.libraryReference.libraryId', '$.loanNumber', '$.loanTypeDescriptor'],
  documentPathsMapping: {
    LoanNumber: build.scalarPath('$.loanNumber'),
    LoanTypeDescriptor: build.descriptorPath('Ed-Fi:LoanTypeDescriptor', '$.loanTypeDescriptor'),
    Library: build.reference('Ed-Fi:Library', [['$.libraryId', '$.libraryReference.libraryId']]),
    Book: build.reference('Ed-Fi:Book', [['$.isbn', '$.items[*].bookReference.isbn']], false),
  },
  decimalPropertyValidationInfos: [{ path: '$.fine.amount', totalDigits: 9, decimalPlaces: 2 }],
  arrayUniquenessConstraints: [
    {
      paths: ['$.items[*].bookReference.isbn'],
      nestedConstraints: [{ basePath: '$.items[*]', paths: ['$.renewals[*].renewedOn'] }],
    },
  ],
  jsonSchemaForInsert: build.object(
    {
      libraryReference: build.object({ libraryId: build.integer() }, ['libraryId']),
      loanNumber: build.string(20),
      loanTypeDescriptor: build.uri(),
      fine: build.object({ amount: build.number(), paidOn: build.date() }, ['amount']),
      items: build.array(
        build.object(
          {
            bookReference: build.object({ isbn: build.string(13) }, ['isbn']),
            renewals: build.array(build.object({ renewedOn: build.date() }, ['renewedOn'])),
          },
          ['bookReference'],
        ),
      ),
    },
    ['libraryReference', 'loanNumber', 'loanTypeDescriptor', 'items'],
  ),
});

const returned = build.resource('Return', {
  identityJsonPaths: ['$.loanReference.libraryId', '$.loanReference.loanNumber', '$.loanReference.loanTypeDescriptor'],
  documentPathsMapping: {
    Loan: build.reference('Ed-Fi:Loan', [
      ['$.libraryReference.libraryId', '$.loanReference.libraryId'],
      ['$.loanNumber', '$.loanReference.loanNumber'],
      ['$.loanTypeDescriptor', '$.loanReference.loanTypeDescriptor'],
    ]),
  },
  jsonSchemaForInsert: build.object(
    {
      loanReference: build.object(
        { libraryId: build.integer(), loanNumber: build.string(20), loanTypeDescriptor: build.uri() },
        ['libraryId', 'loanNumber', 'loanTypeDescriptor'],
      ),
      returnedAt: build.dateTime(),
    },
    ['loanReference'],
  ),
});

const project = build.project('Ed-Fi', [returned, loan, build.descriptor('LoanTypeDescriptor'), library, book]);

const expectedTables: Readonly<Record<string, string>> = {
  'edfi.Loan': `
    edfi.Loan  $  PK_Loan (DocumentId)
      DocumentId                       ParentKeyPart Int64        NOT NULL  -
      Library_DocumentId               DocumentFk    Int64        NOT NULL  $.libraryReference
      Library_LibraryId                Scalar        Int32        NOT NULL  $.libraryReference.libraryId
      LoanTypeDescriptor_DescriptorId  DescriptorFk  Int64        NOT NULL  $.loanTypeDescriptor
      FineAmount                       Scalar        Decimal(9,2) NULL      $.fine.amount
      FinePaidOn                       Scalar        Date         NULL      $.fine.paidOn
      LoanNumber                       Scalar        String(20)   NOT NULL  $.loanNumber
      Unique     UX_Loan_NK      (Library_DocumentId, LoanNumber, LoanTypeDescriptor_DescriptorId)
      Unique     UX_Loan_RefKey  (DocumentId, Library_LibraryId, LoanNumber, LoanTypeDescriptor_DescriptorId)
      ForeignKey FK_Loan_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction
      ForeignKey FK_Loan_Library_RefKey (Library_DocumentId, Library_LibraryId) -> edfi.Library (DocumentId, LibraryId) NoAction/Cascade
      ForeignKey FK_Loan_LoanTypeDescriptor (LoanTypeDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction
      AllOrNone  CK_Loan_Library_AllNone Library_DocumentId: Library_LibraryId`,
  'edfi.LoanItem': `
    edfi.LoanItem  $.items[*]  PK_LoanItem (Loan_DocumentId, Ordinal)
      Loan_DocumentId  ParentKeyPart Int64      NOT NULL  -
      Ordinal          Ordinal       Int32      NOT NULL  -
      Book_DocumentId  DocumentFk    Int64      NULL      $.items[*].bookReference
      Book_Isbn        Scalar        String(13) NULL      $.items[*].bookReference.isbn
      Unique     UX_LoanItem_Book_DocumentId_Loan_DocumentId (Loan_DocumentId, Book_DocumentId)
      ForeignKey FK_LoanItem_Book_RefKey (Book_DocumentId, Book_Isbn) -> edfi.Book (DocumentId, Isbn) NoAction/NoAction
      ForeignKey FK_LoanItem_Loan (Loan_DocumentId) -> edfi.Loan (DocumentId) Cascade/NoAction
      AllOrNone  CK_LoanItem_Book_AllNone Book_DocumentId: Book_Isbn`,
  'edfi.LoanItemRenewal': `
    edfi.LoanItemRenewal  $.items[*].renewals[*]  PK_LoanItemRenewal (Loan_DocumentId, ItemOrdinal, Ordinal)
      Loan_DocumentId  ParentKeyPart Int64 NOT NULL  -
      ItemOrdinal      ParentKeyPart Int32 NOT NULL  -
      Ordinal          Ordinal       Int32 NOT NULL  -
      RenewedOn        Scalar        Date  NOT NULL  $.items[*].renewals[*].renewedOn
      Unique     UX_LoanItemRenewal_ItemOrdinal_RenewedOn_Loan_DocumentId (Loan_DocumentId, ItemOrdinal, RenewedOn)
      ForeignKey FK_LoanItemRenewal_LoanItem (Loan_DocumentId, ItemOrdinal) -> edfi.LoanItem (Loan_DocumentId, Ordinal) Cascade/NoAction`,
  'edfi.Return': `
    edfi.Return  $  PK_Return (DocumentId)
      DocumentId                            ParentKeyPart Int64      NOT NULL  -
      Loan_DocumentId                       DocumentFk    Int64      NOT NULL  $.loanReference
      Loan_LibraryId                        Scalar        Int32      NOT NULL  $.loanReference.libraryId
      Loan_LoanNumber                       Scalar        String(20) NOT NULL  $.loanReference.loanNumber
      Loan_LoanTypeDescriptor_DescriptorId  DescriptorFk  Int64      NOT NULL  $.loanReference.loanTypeDescriptor
      ReturnedAt                            Scalar        DateTime   NULL      $.returnedAt
      Unique     UX_Return_NK (Loan_DocumentId)
      ForeignKey FK_Return_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction
      ForeignKey FK_Return_Loan_LoanTypeDescriptor (Loan_LoanTypeDescriptor_DescriptorId) -> dms.Descriptor (DocumentId) NoAction/NoAction
      ForeignKey FK_Return_Loan_RefKey (Loan_DocumentId, Loan_LibraryId, Loan_LoanNumber, Loan_LoanTypeDescriptor_DescriptorId) -> edfi.Loan (DocumentId, Library_LibraryId, LoanNumber, LoanTypeDescriptor_DescriptorId) NoAction/Cascade
      AllOrNone  CK_Return_Loan_AllNone Loan_DocumentId: Loan_LibraryId, Loan_LoanNumber, Loan_LoanTypeDescriptor_DescriptorId`,
  'edfi.Library': `
    edfi.Library  $  PK_Library (DocumentId)
      DocumentId  ParentKeyPart Int64 NOT NULL -
      LibraryId   Scalar        Int32 NOT NULL $.libraryId
      Unique     UX_Library_NK (LibraryId)
      Unique     UX_Library_RefKey (DocumentId, LibraryId)
      ForeignKey FK_Library_Document (DocumentId) -> dms.Document (DocumentId) Cascade/NoAction`,
};

describe.each(dialects)('the worked example of 02 §17 in %s', (dialect) => {
  const model = modelOf([project], dialect);

  it.each(Object.entries(expectedTables))(
    '%s has the columns and constraints of the chapter, in their order',
    (name, text) => {
      expect(tableLines(tableOf(model, name))).toEqual(lines(text));
    },
  );

  it('has these tables, resource by resource, and no others', () => {
    expect(
      model.resources.map(({ resourceKey, tablesInDependencyOrder }) => [
        resourceKey.resourceName,
        tablesInDependencyOrder.map(({ table: name }) => `${name.schema}.${name.name}`),
      ]),
    ).toEqual([
      ['Book', ['edfi.Book']],
      ['Library', ['edfi.Library']],
      ['Loan', ['edfi.Loan', 'edfi.LoanItem', 'edfi.LoanItemRenewal']],
      ['LoanTypeDescriptor', []],
      ['Return', ['edfi.Return']],
    ]);
  });

  it('names the referenced resource or descriptor of each key column', () => {
    const targets = tableOf(model, 'edfi.Return').columns.flatMap(({ name, targetResource }) =>
      targetResource ? [[name, `${targetResource.projectName}:${targetResource.resourceName}`]] : [],
    );
    expect(targets).toEqual([
      ['Loan_DocumentId', 'Ed-Fi:Loan'],
      ['Loan_LoanTypeDescriptor_DescriptorId', 'Ed-Fi:LoanTypeDescriptor'],
    ]);
  });

  it('binds the references of Loan in the order of their object paths', () => {
    expect(
      resourceOf(model, 'Ed-Fi:Loan').documentReferenceBindings.map((binding) => ({
        path: binding.referenceObjectPath.canonical,
        isIdentity: binding.isIdentityComponent,
        column: `${binding.table.schema}.${binding.table.name}.${binding.fkColumn}`,
        target: binding.targetResource,
        identity: binding.identityBindings.map(
          (identity) =>
            `${identity.identityJsonPath.canonical} ${identity.referenceJsonPath.canonical} ${identity.column}`,
        ),
      })),
    ).toEqual([
      {
        path: '$.items[*].bookReference',
        isIdentity: false,
        column: 'edfi.LoanItem.Book_DocumentId',
        target: { projectName: 'Ed-Fi', resourceName: 'Book' },
        identity: ['$.isbn $.items[*].bookReference.isbn Book_Isbn'],
      },
      {
        path: '$.libraryReference',
        isIdentity: true,
        column: 'edfi.Loan.Library_DocumentId',
        target: { projectName: 'Ed-Fi', resourceName: 'Library' },
        identity: ['$.libraryId $.libraryReference.libraryId Library_LibraryId'],
      },
    ]);
  });

  it('records the descriptors of Loan and Return as edge sources', () => {
    const edges = (label: string) =>
      resourceOf(model, label).descriptorEdgeSources.map((edge) => ({
        isIdentity: edge.isIdentityComponent,
        path: edge.descriptorValuePath.canonical,
        column: `${edge.table.schema}.${edge.table.name}.${edge.fkColumn}`,
        descriptor: edge.descriptorResource.resourceName,
      }));
    expect(edges('Ed-Fi:Loan')).toEqual([
      {
        isIdentity: true,
        path: '$.loanTypeDescriptor',
        column: 'edfi.Loan.LoanTypeDescriptor_DescriptorId',
        descriptor: 'LoanTypeDescriptor',
      },
    ]);
    expect(edges('Ed-Fi:Return')).toEqual([
      {
        isIdentity: true,
        path: '$.loanReference.loanTypeDescriptor',
        column: 'edfi.Return.Loan_LoanTypeDescriptor_DescriptorId',
        descriptor: 'LoanTypeDescriptor',
      },
    ]);
  });

  it('keeps the natural key and the identity paths of a resource beside its tables', () => {
    const { naturalKey, identityElements } = resourceOf(model, 'Ed-Fi:Loan');
    expect(naturalKey.columns).toEqual(['Library_DocumentId', 'LoanNumber', 'LoanTypeDescriptor_DescriptorId']);
    expect(
      identityElements.map(({ identityJsonPath, column, isDescriptor }) => [
        identityJsonPath.canonical,
        column,
        isDescriptor,
      ]),
    ).toEqual([
      ['$.libraryReference.libraryId', 'Library_LibraryId', false],
      ['$.loanNumber', 'LoanNumber', false],
      ['$.loanTypeDescriptor', 'LoanTypeDescriptor_DescriptorId', true],
    ]);
  });

  it('gives Book, which a collection references, a reference key and Return none', () => {
    expect(constraintsOf(tableOf(model, 'edfi.Book'), 'Unique')).toEqual([
      'Unique UX_Book_NK (Isbn)',
      'Unique UX_Book_RefKey (DocumentId, Isbn)',
    ]);
    expect(constraintsOf(tableOf(model, 'edfi.Return'), 'Unique')).toEqual(['Unique UX_Return_NK (Loan_DocumentId)']);
  });

  it('needs no fallback and shortens no name', () => {
    expect(model.propagationFallbacks).toEqual([]);
    expect(model.shortenedNames).toEqual([]);
  });
});

it('the worked example of 02 §17 is the same in both dialects', () => {
  expect({ ...modelOf([project], 'mssql'), dialect: 'pgsql' }).toEqual(modelOf([project], 'pgsql'));
});
