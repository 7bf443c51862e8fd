import { answered, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Delete, Get, HttpCode, Inject, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';
import { reportShadow, startShadow, type ShadowParts, type ShadowReport } from '../application/shadow/shadow-desk.ts';
import type { Queryable } from './queryable.ts';
import { DOCUMENT_NAME, documentNameOf } from './requests.ts';

export const SHADOW_DESK = Symbol('SHADOW_DESK');

export class ShadowBody {
  /** What runs beside the version in force: `draft` or a version; or `document`. */
  @IsOptional()
  @Matches(DOCUMENT_NAME, { message: 'must be draft, in-force or the number of a version' })
  readonly candidate: string = 'draft';

  @Allow()
  readonly document?: unknown;

  /** Percent of the members, always the same ones. */
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(100)
  readonly percent: number = 100;
}

@ApiTags('program')
@Controller('v1/program/shadow')
export class ShadowController {
  constructor(@Inject(SHADOW_DESK) private readonly desk: ShadowParts<Queryable>) {}

  @Put()
  @RequireScope('program:write')
  @ApiOperation({ summary: 'Lets a draft run beside the version in force on live traffic; replaces the one that runs' })
  async start(
    @PrincipalOf() { program, keyId: by, keyName: byName }: Principal,
    @Body() { candidate, document, percent }: ShadowBody,
  ): Promise<ShadowReport> {
    const start = { program, by, byName, document, candidate: documentNameOf(candidate), percent };
    return answered(await startShadow(this.desk, start));
  }

  @Get()
  @RequireScope('program:read', 'rating:read')
  @ApiOperation({ summary: 'How the draft differs so far, by rule, by tier and for the members most affected' })
  async report(@PrincipalOf() { program }: Principal): Promise<ShadowReport> {
    return answered(await reportShadow(this.desk, program));
  }

  @Delete()
  @HttpCode(200)
  @RequireScope('program:write')
  @ApiOperation({ summary: 'Stops the shadow and answers what it found' })
  async stop(@PrincipalOf() { program }: Principal): Promise<ShadowReport> {
    const report = answered(await reportShadow(this.desk, program));
    await this.desk.shadows.stop(this.desk.sql, program);
    return report;
  }
}
