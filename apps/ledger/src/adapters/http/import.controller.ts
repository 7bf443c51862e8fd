import type { Problem } from '@jifen/contracts';
import { answered, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsOptional, Matches } from 'class-validator';
import type { Imported, ImportRequest } from '../../application/import/import-balances.ts';
import { MAX_ROWS } from '../../application/import/import-balances.ts';
import type { Outcome } from '@jifen/kernel';

export const IMPORT_DOOR = Symbol('IMPORT_DOOR');

export type ImportDoor = (request: ImportRequest) => Promise<Outcome<Imported, Problem>>;

const TEXT = { type: 'string' } as const;
const DAY = { type: 'string', description: 'A date, or an instant with an offset' } as const;
/** Rows are refused one by one: a wrong one is named in the answer and keeps no other from its place. */
const ROW = {
  type: 'object' as const,
  additionalProperties: false,
  required: ['row', 'member', 'points'],
  properties: {
    row: { type: 'string', description: 'Its name within the import' } as const,
    member: TEXT,
    points: { type: 'integer', minimum: 1 } as const,
    currency: TEXT,
    earnedOn: DAY,
    expiresOn: DAY,
    reason: TEXT,
  },
};

export class ImportParams {
  @Matches(/^[A-Za-z0-9._-]{1,60}$/)
  readonly import!: string;
}

export class ImportBody {
  @ApiPropertyOptional({ description: 'Decide everything, write nothing', default: false })
  @IsOptional()
  @IsBoolean()
  readonly dryRun?: boolean;

  @ApiProperty({
    description: 'Opening lots. A date without a time is the whole day in the time zone of the program.',
    type: 'array',
    items: ROW,
    maxItems: MAX_ROWS,
    example: [{ row: '2', member: 'm-1001', points: 1200, earnedOn: '2025-06-18', expiresOn: '2026-12-31' }],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ROWS)
  readonly rows!: readonly unknown[];
}

@ApiTags('import')
@Controller('v1/imports')
export class ImportController {
  constructor(@Inject(IMPORT_DOOR) private readonly importBalances: ImportDoor) {}

  @Post(':import')
  @HttpCode(200)
  @RequireScope('points:import')
  @ApiOperation({
    summary:
      'Opening balances of another system: each row once, by the name of the import and of the row, which are its key',
  })
  async rows(
    @PrincipalOf() { program, keyId }: Principal,
    @Param() { import: importId }: ImportParams,
    @Body() { rows, dryRun = false }: ImportBody,
  ): Promise<Imported> {
    return answered(await this.importBalances({ program, importId, rows, dryRun, actor: `key:${keyId}` }));
  }
}
