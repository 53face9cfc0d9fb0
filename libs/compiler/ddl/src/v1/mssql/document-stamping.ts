import type { ColumnDefinition } from '@dms/catalog';
import type { DocumentStampingTrigger } from '@dms/inventory';
import { core } from '@dms/model';
import { dialectOf, group, type PlainLines } from '@dms/sql';
import { changedImage, documentSet, imagesWithMoved, nextVersion } from '../../mssql/body-text.ts';
import { columnOf, stampKey, type TriggerSource } from '../../trigger-source.ts';

const { lines, id } = dialectOf.mssql;

/**
 * Stamps the content of every touched document once per statement, then the identity of each document whose projection
 * changed (design 07 §9.1). The ids are collected first, because NEXT VALUE FOR is not allowed with UNION.
 */
export function documentStampingBody(source: TriggerSource<DocumentStampingTrigger>): PlainLines {
  const key = stampKey(source);
  const projection = source.trigger.identityProjectionColumns.map((name) => columnOf(source.table, name));
  return lines`
    BEGIN
        SET NOCOUNT ON;
        ${documentSet()}
        INSERT INTO @documents ("DocumentId")
        SELECT i.${id(key)} FROM inserted AS i
        UNION
        SELECT d.${id(key)} FROM deleted AS d;
        IF @@ROWCOUNT = 0 RETURN;
        UPDATE d
        SET "ContentVersion" = ${nextVersion},
            "ContentLastModifiedAt" = sysutcdatetime()
        FROM @documents AS c
        INNER LOOP JOIN ${core.document} AS d WITH (FORCESEEK) ON d."DocumentId" = c."DocumentId";
        ${projection.length === 0 ? group() : identityStamp(key, projection)}
    END;`;
}

const identityStamp = (key: string, projection: readonly ColumnDefinition[]) => lines`
  DECLARE @renamed TABLE ("DocumentId" bigint NOT NULL PRIMARY KEY);
  INSERT INTO @renamed ("DocumentId")
  SELECT i.${id(key)}
  ${imagesWithMoved}
  WHERE ${changedImage(projection)};
  IF @@ROWCOUNT = 0 RETURN;
  UPDATE d
  SET "IdentityVersion" = ${nextVersion},
      "IdentityLastModifiedAt" = sysutcdatetime()
  FROM @renamed AS c
  INNER LOOP JOIN ${core.document} AS d WITH (FORCESEEK) ON d."DocumentId" = c."DocumentId";`;
